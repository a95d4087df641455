# German.
# A colour: as a noun, as a main colour; .name as an adjective, by itself and as a tag; .touch after “in”.
colour-black = Schwarz
    .name = schwarz
    .touch = Schwarz
colour-white = Weiß
    .name = weiß
    .touch = Weiß
colour-grey = Grau
    .name = grau
    .touch = Grau
colour-red = Rot
    .name = rot
    .touch = Rot
colour-orange = Orange
    .name = orange
    .touch = Orange
colour-yellow = Gelb
    .name = gelb
    .touch = Gelb
colour-green = Grün
    .name = grün
    .touch = Grün
colour-blue = Blau
    .name = blau
    .touch = Blau
colour-purple = Lila
    .name = lila
    .touch = Lila
colour-pink = Rosa
    .name = rosa
    .touch = Rosa
colour-brown = Braun
    .name = braun
    .touch = Braun
colour-teal = Türkis
    .name = türkis
    .touch = Türkis
colour-beige = Beige
    .name = beige
    .touch = Beige

# How sentences are put together.
sentence = { $text }.
also = { $before }, { $after }
aside = { $before }; { $after }

# What it is, and its colours. All four nouns are neuter.
kind = { $kind ->
    [photo] Foto
    [video] Video
    [animation] animiertes Bild
   *[picture] Bild
 }
kind-mono = { $kind ->
    [photo] Schwarz-Weiß-Foto
    [video] Schwarz-Weiß-Video
    [animation] animiertes Schwarz-Weiß-Bild
   *[picture] Schwarz-Weiß-Bild
 }
lead = { $what }, in dem { $colours } { $n ->
    [one] vorherrscht
   *[other] vorherrschen
 }
lead-many = { $what } in vielen Farben, darunter { $colours }
lead-plain = { $what } in einer einzigen Farbe: { $colour }
lead-touches = { $lead }, mit Akzenten in { $colours }

# How a video is made.
shots = { $n ->
    [one] eine Einstellung
   *[other] { $n } Einstellungen
 }
sound = mit Tonspur
no-sound = ohne Tonspur

# What stands out.
trait-dark = dunkle Töne
trait-bright = helle Töne
trait-high-contrast = hoher Kontrast
trait-low-contrast = geringer Kontrast
trait-vivid-colours = kräftige Farben
trait-muted-colours = gedämpfte Farben
trait-warm-colours = warme Farben
trait-cool-colours = kühle Farben
trait-panorama = Panoramaformat
trait-transparent = transparente Bereiche

# When and with what.
date = { $day }. { $month }
taken = { $how ->
    [photo] aufgenommen { $precision ->
        [day] am { $date }
        [month] im { $date }
       *[year] { $date }
     }
    [video] aufgenommen { $precision ->
        [day] am { $date }
        [month] im { $date }
       *[year] { $date }
     }
   *[other] Datum: { $date }
 }
season-spring = im Frühling
season-summer = im Sommer
season-autumn = im Herbst
season-winter = im Winter
camera = Kamera: { $name }

# Tags.
tag-video = Video
tag-animation = Animation
tag-black-and-white = schwarz-weiß
tag-dark = dunkel
tag-bright = hell
tag-high-contrast = hoher Kontrast
tag-low-contrast = geringer Kontrast
tag-vivid-colours = kräftige Farben
tag-muted-colours = gedämpfte Farben
tag-warm-colours = warme Farben
tag-cool-colours = kühle Farben
tag-panorama = Panorama
tag-square = quadratisch
tag-transparent = transparent
tag-sound-track = Tonspur
tag-spring = Frühling
tag-summer = Sommer
tag-autumn = Herbst
tag-winter = Winter
