# Italian.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl.

## Colours

# A colour: with its article, as a main colour; .name by itself and as a tag; .touch after “tocchi di”.
colour-black = il nero
    .name = nero
    .touch = nero
colour-white = il bianco
    .name = bianco
    .touch = bianco
colour-grey = il grigio
    .name = grigio
    .touch = grigio
colour-red = il rosso
    .name = rosso
    .touch = rosso
colour-orange = l’arancione
    .name = arancione
    .touch = arancione
colour-yellow = il giallo
    .name = giallo
    .touch = giallo
colour-green = il verde
    .name = verde
    .touch = verde
colour-blue = il blu
    .name = blu
    .touch = blu
colour-purple = il viola
    .name = viola
    .touch = viola
colour-pink = il rosa
    .name = rosa
    .touch = rosa
colour-brown = il marrone
    .name = marrone
    .touch = marrone
colour-teal = il turchese
    .name = turchese
    .touch = turchese
colour-beige = il beige
    .name = beige
    .touch = beige

## How sentences are put together

sentence = { CAPITAL($text) }.
sentences = { $before } { $after }
also = { $before }, { $after }
aside = { $before }; { $after }

## First sentence: what it is, and its colours

# Feminine but for “documento” and “video”; “in cui” fits both genders.
kind = { $kind ->
    [photo] fotografia
    [screenshot] schermata
    [document] documento
    [graphic] grafica
    [video] video
    [animation] immagine animata
   *[picture] immagine
 }
kind-mono = { kind } in bianco e nero
lead = { $what } in cui { $n ->
    [one] predomina
   *[other] predominano
 } { $colours }
lead-many = { $what } con molti colori, tra cui { $colours }
lead-plain = { $what } di un solo colore: { $colour }
lead-touches = { $lead }, con tocchi di { $colours }
lead-content = { $lead }, con { $content }
# Also fits numbers, and writing without spaces between words.
words = il testo «{ $text }»
lines = { $n ->
    [one] una riga
   *[other] { $n } righe
 } di testo («{ $text }…»)
unread = testo che non si è potuto leggere
code-qr = { $n ->
    [one] un codice QR
   *[other] { $n } codici QR
 }
code-barcode = { $n ->
    [one] un codice a barre
   *[other] { $n } codici a barre
 }
code-data-matrix = { $n ->
    [one] un codice Data Matrix
   *[other] { $n } codici Data Matrix
 }
code-matrix = { $n ->
    [one] un codice a matrice
   *[other] { $n } codici a matrice
 }

## Second sentence: how a video is made, and what stands out

hours = { $n ->
    [one] { $n } ora
   *[other] { $n } ore
 }
minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minuti
 }
seconds = { $n ->
    [one] { $n } secondo
   *[other] { $n } secondi
 }
length = { $larger } e { $smaller }
shots = { $n ->
    [one] un’inquadratura
   *[other] { $n } inquadrature
 }
motion-still = quasi nessun movimento
motion-much = molto movimento
sound-none = senza traccia audio
sound-silent = con traccia audio silenziosa
sound-speech = con parlato
sound-no-speech = con audio (parlato non rilevato)
sound-track = con traccia audio
subtitles = con sottotitoli
subtitles-in = con sottotitoli ({ $languages })
subtitles-many = con sottotitoli in { $n } lingue

# A noun, because the adjective (sfocato, sfocata) would have to agree with “kind”.
trait-blurry = nitidezza scarsa
trait-dark = toni scuri
trait-bright = toni chiari
trait-high-contrast = contrasto elevato
trait-low-contrast = contrasto ridotto
trait-vivid-colours = colori vivaci
trait-muted-colours = colori poco saturi
trait-warm-colours = colori caldi
trait-cool-colours = colori freddi
trait-panorama = formato panoramico
trait-transparent = aree trasparenti

## Last sentence: when, where and with what

date = { $day ->
    [1] 1º
   *[other] { $day }
 } { $month }
# Behind a colon, because an article would have to change with the number (il 7, l’8) and the month
# (nel luglio, nell’agosto).
when = { $date }
place = { $name } ({ $country })
# “Vicino a” would ask for “ad” or “all’” before some names; “nei pressi di” fits all.
near = nei pressi di { $place }
near-when = { $when }, { $near }
taken = { $known ->
    [near] { $how ->
        [video] ripreso { $circumstances }
       *[photo] scattata { $circumstances }
     }
   *[when] { $how ->
        [video] data della ripresa: { $circumstances }
       *[photo] data dello scatto: { $circumstances }
     }
 }
date-only = data: { $date }
place-only = luogo: { $near }
season-spring = in primavera
season-summer = in estate
season-autumn = in autunno
season-winter = in inverno
daylight-golden-hour = nell’ora d’oro
daylight-night = di notte
camera = fotocamera: { $name }
lens = obiettivo: { $name }

## Tags

tag-video = video
tag-animation = animazione
tag-screenshot = schermata
tag-document = documento
tag-graphic = grafica
tag-black-and-white = bianco e nero
tag-dark = scuro
tag-bright = chiaro
tag-high-contrast = contrasto elevato
tag-low-contrast = contrasto ridotto
tag-vivid-colours = colori vivaci
tag-muted-colours = colori poco saturi
tag-warm-colours = colori caldi
tag-cool-colours = colori freddi
tag-blurry = sfocato
tag-panorama = panorama
tag-square = quadrato
tag-transparent = trasparente
tag-text = testo
tag-text-in = testo in { $language }
tag-qr-code = codice QR
tag-barcode = codice a barre
tag-data-matrix = Data Matrix
tag-matrix-code = codice a matrice
tag-speech = parlato
tag-subtitles = sottotitoli
tag-silent = senza suono
tag-sound-track = traccia audio
tag-spring = primavera
tag-summer = estate
tag-autumn = autunno
tag-winter = inverno
tag-golden-hour = ora d’oro
tag-night = notte
tag-near = nei pressi di { $place }
