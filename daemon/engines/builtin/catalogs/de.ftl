# German.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl.

## Colours

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

## How sentences are put together

sentence = { CAPITAL($text) }.
sentences = { $before } { $after }
also = { $before }, { $after }
aside = { $before }; { $after }

## First sentence: what it is, and its colours. Only “Grafik” is not neuter.

kind = { $kind ->
    [photo] Foto
    [screenshot] Bildschirmfoto
    [document] Dokument
    [graphic] Grafik
    [video] Video
    [animation] animiertes Bild
   *[picture] Bild
 }
kind-mono = { $kind ->
    [photo] Schwarz-Weiß-Foto
    [screenshot] Schwarz-Weiß-Bildschirmfoto
    [document] Schwarz-Weiß-Dokument
    [graphic] Schwarz-Weiß-Grafik
    [video] Schwarz-Weiß-Video
    [animation] animiertes Schwarz-Weiß-Bild
   *[picture] Schwarz-Weiß-Bild
 }
lead = { $what }, in { $kind ->
    [graphic] der
   *[other] dem
 } { $colours } { $n ->
    [one] vorherrscht
   *[other] vorherrschen
 }
lead-many = { $what } in vielen Farben, darunter { $colours }
lead-plain = { $what } in einer einzigen Farbe: { $colour }
lead-touches = { $lead }, mit Akzenten in { $colours }
# In the dative.
lead-content = { $lead }, mit { $content }
words = dem Text „{ $text }“
lines = { $n ->
    [one] einer Zeile
   *[other] { $n } Zeilen
 } Text („{ $text } …“)
unread = nicht entziffertem Text
code-qr = { $n ->
    [one] einem QR-Code
   *[other] { $n } QR-Codes
 }
code-barcode = { $n ->
    [one] einem Strichcode
   *[other] { $n } Strichcodes
 }
code-data-matrix = { $n ->
    [one] einem Data-Matrix-Code
   *[other] { $n } Data-Matrix-Codes
 }
code-matrix = { $n ->
    [one] einem Matrixcode
   *[other] { $n } Matrixcodes
 }

## Second sentence: how a video is made, and what stands out

hours = { $n ->
    [one] { $n } Stunde
   *[other] { $n } Stunden
 }
minutes = { $n ->
    [one] { $n } Minute
   *[other] { $n } Minuten
 }
seconds = { $n ->
    [one] { $n } Sekunde
   *[other] { $n } Sekunden
 }
length = { $larger } { $smaller }
shots = { $n ->
    [one] eine Einstellung
   *[other] { $n } Einstellungen
 }
motion-still = kaum Bewegung
motion-much = viel Bewegung
sound-none = ohne Tonspur
sound-silent = mit stummer Tonspur
sound-speech = mit gesprochener Sprache
sound-no-speech = mit Ton ohne erkannte Sprache
sound-track = mit Tonspur
subtitles = mit Untertiteln
subtitles-in = mit Untertiteln ({ $languages })
subtitles-many = mit Untertiteln in { $n } Sprachen

trait-blurry = unscharf
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

## Last sentence: when, where and with what

date = { $day }. { $month }
when = { $precision ->
    [day] am { $date }
    [month] im { $date }
   *[year] { $date }
 }
place = { $name } ({ $country })
near = nahe { $place }
near-when = { $when } { $near }
taken = aufgenommen { $circumstances }
date-only = Datum: { $date }
place-only = Ort: { $near }
season-spring = im Frühling
season-summer = im Sommer
season-autumn = im Herbst
season-winter = im Winter
daylight-golden-hour = zur goldenen Stunde
daylight-night = bei Nacht
camera = Kamera: { $name }
lens = Objektiv: { $name }

## Tags

tag-video = Video
tag-animation = Animation
tag-screenshot = Bildschirmfoto
tag-document = Dokument
tag-graphic = Grafik
tag-black-and-white = schwarz-weiß
tag-dark = dunkel
tag-bright = hell
tag-high-contrast = hoher Kontrast
tag-low-contrast = geringer Kontrast
tag-vivid-colours = kräftige Farben
tag-muted-colours = gedämpfte Farben
tag-warm-colours = warme Farben
tag-cool-colours = kühle Farben
tag-blurry = unscharf
tag-panorama = Panorama
tag-square = quadratisch
tag-transparent = transparent
tag-text = Text
tag-text-in = Text auf { $language }
tag-qr-code = QR-Code
tag-barcode = Strichcode
tag-data-matrix = Data Matrix
tag-matrix-code = Matrixcode
tag-speech = gesprochene Sprache
tag-subtitles = Untertitel
tag-silent = ohne Ton
tag-sound-track = Tonspur
tag-spring = Frühling
tag-summer = Sommer
tag-autumn = Herbst
tag-winter = Winter
tag-golden-hour = goldene Stunde
tag-night = Nacht
tag-near = nahe { $place }
