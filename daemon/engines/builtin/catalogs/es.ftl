# Spanish.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl.

## Colours

# A colour: with its article, as a main colour; .name by itself and as a tag; .touch after “toques de”.
colour-black = el negro
    .name = negro
    .touch = negro
colour-white = el blanco
    .name = blanco
    .touch = blanco
colour-grey = el gris
    .name = gris
    .touch = gris
colour-red = el rojo
    .name = rojo
    .touch = rojo
colour-orange = el naranja
    .name = naranja
    .touch = naranja
colour-yellow = el amarillo
    .name = amarillo
    .touch = amarillo
colour-green = el verde
    .name = verde
    .touch = verde
colour-blue = el azul
    .name = azul
    .touch = azul
colour-purple = el morado
    .name = morado
    .touch = morado
colour-pink = el rosa
    .name = rosa
    .touch = rosa
colour-brown = el marrón
    .name = marrón
    .touch = marrón
colour-teal = el turquesa
    .name = turquesa
    .touch = turquesa
colour-beige = el beige
    .name = beige
    .touch = beige

## How sentences are put together

sentence = { CAPITAL($text) }.
sentences = { $before } { $after }
also = { $before }, { $after }
aside = { $before }; { $after }

## First sentence: what it is, and its colours

kind = { $kind ->
    [photo] fotografía
    [screenshot] captura de pantalla
    [document] documento
    [graphic] imagen gráfica
    [video] vídeo
    [animation] imagen animada
   *[picture] imagen
 }
kind-mono = { kind } en blanco y negro
lead = { $what } { $kind ->
    [video] en el
    [document] en el
   *[other] en la
 } que { $n ->
    [one] predomina
   *[other] predominan
 } { $colours }
lead-many = { $what } de muchos colores, entre ellos { $colours }
lead-plain = { $what } de un solo color: { $colour }
lead-touches = { $lead }, con toques de { $colours }
lead-content = { $lead }, con { $content }
words = el texto «{ $text }»
lines = { $n ->
    [one] una línea
   *[other] { $n } líneas
 } de texto («{ $text }…»)
unread = texto que no se pudo leer
code-qr = { $n ->
    [one] un código QR
   *[other] { $n } códigos QR
 }
code-barcode = { $n ->
    [one] un código de barras
   *[other] { $n } códigos de barras
 }
code-data-matrix = { $n ->
    [one] un código Data Matrix
   *[other] { $n } códigos Data Matrix
 }
code-matrix = { $n ->
    [one] un código matricial
   *[other] { $n } códigos matriciales
 }

## Second sentence: how a video is made, and what stands out

hours = { $n ->
    [one] { $n } hora
   *[other] { $n } horas
 }
minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
 }
seconds = { $n ->
    [one] { $n } segundo
   *[other] { $n } segundos
 }
length = { $larger } { $smaller }
shots = { $n ->
    [one] un plano
   *[other] { $n } planos
 }
motion-still = casi sin movimiento
motion-much = mucho movimiento
sound-none = sin pista de sonido
sound-silent = con pista de sonido silenciosa
sound-speech = con voz hablada
sound-no-speech = con sonido en el que no se detectó voz hablada
sound-track = con pista de sonido
subtitles = con subtítulos
subtitles-in = con subtítulos ({ $languages })
subtitles-many = con subtítulos en { $n } idiomas

trait-blurry = poca nitidez
trait-dark = tonos oscuros
trait-bright = tonos claros
trait-high-contrast = alto contraste
trait-low-contrast = bajo contraste
trait-vivid-colours = colores vivos
trait-muted-colours = colores apagados
trait-warm-colours = colores cálidos
trait-cool-colours = colores fríos
trait-panorama = formato panorámico
trait-transparent = zonas transparentes

## Last sentence: when, where and with what

date = { $day } de { $month }
when = { $precision ->
    [day] el
   *[month] en
 } { $date }
place = { $name } ({ $country })
near = cerca de { $place }
near-when = { $near } { $when }
taken = { $how ->
    [video] grabado
   *[photo] tomada
 } { $circumstances }
date-only = fecha: { $date }
place-only = lugar: { $near }
season-spring = en primavera
season-summer = en verano
season-autumn = en otoño
season-winter = en invierno
daylight-golden-hour = en la hora dorada
daylight-night = de noche
camera = cámara: { $name }
lens = objetivo: { $name }

## Tags

tag-video = vídeo
tag-animation = animación
tag-screenshot = captura de pantalla
tag-document = documento
tag-graphic = imagen gráfica
tag-black-and-white = blanco y negro
tag-dark = oscuro
tag-bright = claro
tag-high-contrast = alto contraste
tag-low-contrast = bajo contraste
tag-vivid-colours = colores vivos
tag-muted-colours = colores apagados
tag-warm-colours = colores cálidos
tag-cool-colours = colores fríos
tag-blurry = borroso
tag-panorama = panorámica
tag-square = cuadrado
tag-transparent = transparente
tag-text = texto
tag-text-in = texto en { $language }
tag-qr-code = código QR
tag-barcode = código de barras
tag-data-matrix = Data Matrix
tag-matrix-code = código matricial
tag-speech = voz hablada
tag-subtitles = subtítulos
tag-silent = sin sonido
tag-sound-track = pista de sonido
tag-spring = primavera
tag-summer = verano
tag-autumn = otoño
tag-winter = invierno
tag-golden-hour = hora dorada
tag-night = noche
tag-near = cerca de { $place }
