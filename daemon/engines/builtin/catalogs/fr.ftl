# French.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl.

## Colours

# A colour: with its article, as a main colour; .name by itself and as a tag; .touch with “de” or “d’”.
colour-black = le noir
    .name = noir
    .touch = de noir
colour-white = le blanc
    .name = blanc
    .touch = de blanc
colour-grey = le gris
    .name = gris
    .touch = de gris
colour-red = le rouge
    .name = rouge
    .touch = de rouge
colour-orange = l’orange
    .name = orange
    .touch = d’orange
colour-yellow = le jaune
    .name = jaune
    .touch = de jaune
colour-green = le vert
    .name = vert
    .touch = de vert
colour-blue = le bleu
    .name = bleu
    .touch = de bleu
colour-purple = le violet
    .name = violet
    .touch = de violet
colour-pink = le rose
    .name = rose
    .touch = de rose
colour-brown = le marron
    .name = marron
    .touch = de marron
colour-teal = le turquoise
    .name = turquoise
    .touch = de turquoise
colour-beige = le beige
    .name = beige
    .touch = de beige

## How sentences are put together; a no-break space stands before : and ; and inside « »

sentence = { CAPITAL($text) }.
sentences = { $before } { $after }
also = { $before }, { $after }
aside = { $before } ; { $after }

## First sentence: what it is, and its colours

kind = { $kind ->
    [photo] photo
    [screenshot] capture d’écran
    [document] document
    [graphic] image graphique
    [video] vidéo
    [animation] image animée
   *[picture] image
 }
kind-mono = { kind } en noir et blanc
lead = { $what } où { $n ->
    [one] domine
   *[other] dominent
 } { $colours }
lead-many = { $what } aux nombreuses couleurs, dont { $colours }
lead-plain = { $what } d’une seule couleur : { $colour }
lead-touches = { $lead }, avec des touches { $colours }
lead-content = { $lead }, avec { $content }
words = le texte « { $text } »
lines = { $n ->
    [one] une ligne
   *[other] { $n } lignes
 } de texte (« { $text }… »)
unread = un texte qui n’a pas pu être lu
code-qr = { $n ->
    [one] un code QR
   *[other] { $n } codes QR
 }
code-barcode = { $n ->
    [one] un code-barres
   *[other] { $n } codes-barres
 }
code-data-matrix = { $n ->
    [one] un code Data Matrix
   *[other] { $n } codes Data Matrix
 }
code-matrix = { $n ->
    [one] un code matriciel
   *[other] { $n } codes matriciels
 }

## Second sentence: how a video is made, and what stands out

hours = { $n ->
    [one] { $n } heure
   *[other] { $n } heures
 }
minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
 }
seconds = { $n ->
    [one] { $n } seconde
   *[other] { $n } secondes
 }
length = { $larger } { $smaller }
shots = { $n ->
    [one] un plan
   *[other] { $n } plans
 }
motion-still = presque aucun mouvement
motion-much = beaucoup de mouvement
sound-none = sans piste sonore
sound-silent = avec piste sonore silencieuse
sound-speech = avec voix parlée
sound-no-speech = avec du son où aucune voix parlée n’a été détectée
sound-track = avec piste sonore
subtitles = avec sous-titres
subtitles-in = avec sous-titres ({ $languages })
subtitles-many = avec sous-titres en { $n } langues

trait-blurry = image floue
trait-dark = tons sombres
trait-bright = tons clairs
trait-high-contrast = fort contraste
trait-low-contrast = faible contraste
trait-vivid-colours = couleurs vives
trait-muted-colours = couleurs peu saturées
trait-warm-colours = couleurs chaudes
trait-cool-colours = couleurs froides
trait-panorama = format panoramique
trait-transparent = zones transparentes

## Last sentence: when, where and with what

date = { $day ->
    [1] 1er
   *[other] { $day }
 } { $month }
when = { $precision ->
    [day] le
   *[month] en
 } { $date }
place = { $name } ({ $country })
# Not “près de”: d’Agra, du Havre, des Ulis, de Hambourg.
near = localité proche : { $place }
near-when = { $when }, { $near }
taken = { $known ->
    [near] { $circumstances }
   *[other] { $how ->
        [video] enregistrée
       *[photo] prise
     } { $circumstances }
 }
date-only = date : { $date }
place-only = { $near }
season-spring = au printemps
season-summer = en été
season-autumn = en automne
season-winter = en hiver
daylight-golden-hour = à l’heure dorée
daylight-night = de nuit
camera = appareil : { $name }
lens = objectif : { $name }

## Tags

tag-video = vidéo
tag-animation = animation
tag-screenshot = capture d’écran
tag-document = document
tag-graphic = image graphique
tag-black-and-white = noir et blanc
tag-dark = sombre
tag-bright = clair
tag-high-contrast = fort contraste
tag-low-contrast = faible contraste
tag-vivid-colours = couleurs vives
tag-muted-colours = couleurs peu saturées
tag-warm-colours = couleurs chaudes
tag-cool-colours = couleurs froides
tag-blurry = flou
tag-panorama = panorama
tag-square = carré
tag-transparent = transparent
tag-text = texte
tag-text-in = texte en { $language }
tag-qr-code = code QR
tag-barcode = code-barres
tag-data-matrix = Data Matrix
tag-matrix-code = code matriciel
tag-speech = voix parlée
tag-subtitles = sous-titres
tag-silent = sans son
tag-sound-track = piste sonore
tag-spring = printemps
tag-summer = été
tag-autumn = automne
tag-winter = hiver
tag-golden-hour = heure dorée
tag-night = nuit
tag-near = { $place } (environs)
