# Spanish.
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

# How sentences are put together.
sentence = { $text }.
also = { $before }, { $after }
aside = { $before }; { $after }

# What it is, and its colours.
kind = { $kind ->
    [photo] fotografía
    [video] vídeo
    [animation] imagen animada
   *[picture] imagen
 }
kind-mono = { kind } en blanco y negro
lead = { $what } { $kind ->
    [video] en el
   *[other] en la
 } que { $n ->
    [one] predomina
   *[other] predominan
 } { $colours }
lead-many = { $what } de muchos colores, entre ellos { $colours }
lead-plain = { $what } de un solo color: { $colour }
lead-touches = { $lead }, con toques de { $colours }

# How a video is made.
shots = { $n ->
    [one] un plano
   *[other] { $n } planos
 }
sound = con pista de sonido
no-sound = sin pista de sonido

# What stands out.
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

# When and with what.
date = { $day } de { $month }
taken = { $how ->
    [photo] tomada { $precision ->
        [day] el
       *[month] en
     } { $date }
    [video] grabado { $precision ->
        [day] el
       *[month] en
     } { $date }
   *[other] fecha: { $date }
 }
season-spring = en primavera
season-summer = en verano
season-autumn = en otoño
season-winter = en invierno
camera = cámara: { $name }

# Tags.
tag-video = vídeo
tag-animation = animación
tag-black-and-white = blanco y negro
tag-dark = oscuro
tag-bright = claro
tag-high-contrast = alto contraste
tag-low-contrast = bajo contraste
tag-vivid-colours = colores vivos
tag-muted-colours = colores apagados
tag-warm-colours = colores cálidos
tag-cool-colours = colores fríos
tag-panorama = panorámica
tag-square = cuadrado
tag-transparent = transparente
tag-sound-track = pista de sonido
tag-spring = primavera
tag-summer = verano
tag-autumn = otoño
tag-winter = invierno
