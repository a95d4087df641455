# French.
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

# How sentences are put together; a no-break space stands before a colon and a semicolon.
sentence = { $text }.
also = { $before }, { $after }
aside = { $before } ; { $after }

# What it is, and its colours.
kind = { $kind ->
    [photo] photo
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

# How a video is made.
shots = { $n ->
    [one] un plan
   *[other] { $n } plans
 }
sound = avec piste sonore
no-sound = sans piste sonore

# What stands out.
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

# When and with what.
date = { $day ->
    [1] 1er
   *[other] { $day }
 } { $month }
taken = { $how ->
    [photo] prise { $precision ->
        [day] le
       *[month] en
     } { $date }
    [video] enregistrée { $precision ->
        [day] le
       *[month] en
     } { $date }
   *[other] date : { $date }
 }
season-spring = au printemps
season-summer = en été
season-autumn = en automne
season-winter = en hiver
camera = appareil : { $name }

# Tags.
tag-video = vidéo
tag-animation = animation
tag-black-and-white = noir et blanc
tag-dark = sombre
tag-bright = clair
tag-high-contrast = fort contraste
tag-low-contrast = faible contraste
tag-vivid-colours = couleurs vives
tag-muted-colours = couleurs peu saturées
tag-warm-colours = couleurs chaudes
tag-cool-colours = couleurs froides
tag-panorama = panorama
tag-square = carré
tag-transparent = transparent
tag-sound-track = piste sonore
tag-spring = printemps
tag-summer = été
tag-autumn = automne
tag-winter = hiver
