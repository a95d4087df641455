# Portuguese as it is written in Brazil (marrom, captura de tela); readers elsewhere get the same catalog.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl.

## Colours

# A colour: with its article, as a main colour; .name by itself and as a tag; .touch after “toques de”.
colour-black = o preto
    .name = preto
    .touch = preto
colour-white = o branco
    .name = branco
    .touch = branco
colour-grey = o cinza
    .name = cinza
    .touch = cinza
colour-red = o vermelho
    .name = vermelho
    .touch = vermelho
colour-orange = o laranja
    .name = laranja
    .touch = laranja
colour-yellow = o amarelo
    .name = amarelo
    .touch = amarelo
colour-green = o verde
    .name = verde
    .touch = verde
colour-blue = o azul
    .name = azul
    .touch = azul
colour-purple = o roxo
    .name = roxo
    .touch = roxo
colour-pink = o rosa
    .name = rosa
    .touch = rosa
colour-brown = o marrom
    .name = marrom
    .touch = marrom
colour-teal = o turquesa
    .name = turquesa
    .touch = turquesa
colour-beige = o bege
    .name = bege
    .touch = bege

## How sentences are put together

sentence = { CAPITAL($text) }.
sentences = { $before } { $after }
also = { $before }, { $after }
aside = { $before }; { $after }

## First sentence: what it is, and its colours

# Feminine but for “documento” and “vídeo”; “em que” fits both genders. “Gráfico” alone would be a chart.
kind = { $kind ->
    [photo] fotografia
    [screenshot] captura de tela
    [document] documento
    [graphic] imagem gráfica
    [video] vídeo
    [animation] imagem animada
   *[picture] imagem
 }
kind-mono = { kind } em preto e branco
lead = { $what } em que { $n ->
    [one] predomina
   *[other] predominam
 } { $colours }
lead-many = { $what } com muitas cores, entre elas { $colours }
lead-plain = { $what } de uma só cor: { $colour }
lead-touches = { $lead }, com toques de { $colours }
lead-content = { $lead }, com { $content }
# Also fits numbers, and writing without spaces between words.
words = o texto “{ $text }”
lines = { $n ->
    [one] uma linha
   *[other] { $n } linhas
 } de texto (“{ $text }…”)
unread = texto que não pôde ser lido
code-qr = { $n ->
    [one] um código QR
   *[other] { $n } códigos QR
 }
code-barcode = { $n ->
    [one] um código de barras
   *[other] { $n } códigos de barras
 }
code-data-matrix = { $n ->
    [one] um código Data Matrix
   *[other] { $n } códigos Data Matrix
 }
code-matrix = { $n ->
    [one] um código matricial
   *[other] { $n } códigos matriciais
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
length = { $larger } e { $smaller }
shots = { $n ->
    [one] um plano
   *[other] { $n } planos
 }
motion-still = quase nenhum movimento
motion-much = muito movimento
# Not “trilha sonora”: that is a film's music.
sound-none = sem faixa de áudio
sound-silent = com faixa de áudio silenciosa
sound-speech = com fala
sound-no-speech = com áudio (fala não detectada)
sound-track = com faixa de áudio
subtitles = com legendas
subtitles-in = com legendas ({ $languages })
subtitles-many = com legendas em { $n } idiomas

# A noun, because the adjective (desfocado, desfocada) would have to agree with “kind”.
trait-blurry = pouca nitidez
trait-dark = tons escuros
trait-bright = tons claros
trait-high-contrast = alto contraste
trait-low-contrast = baixo contraste
trait-vivid-colours = cores vivas
trait-muted-colours = cores pouco saturadas
trait-warm-colours = cores quentes
trait-cool-colours = cores frias
trait-panorama = formato panorâmico
trait-transparent = áreas transparentes

## Last sentence: when, where and with what

date = { $day ->
    [1] 1º
   *[other] { $day }
 } de { $month }
when = em { $date }
place = { $name } ({ $country })
# Not “perto de”: names with an article would ask for “do” or “da” (perto do Rio de Janeiro).
near = localidade próxima: { $place }
near-when = { $when }, { $near }
taken = { $known ->
    [near] { $circumstances }
   *[when] { $how ->
        [video] gravado { $circumstances }
       *[photo] tirada { $circumstances }
     }
 }
date-only = data: { $date }
place-only = { $near }
season-spring = na primavera
season-summer = no verão
season-autumn = no outono
season-winter = no inverno
daylight-golden-hour = na hora dourada
daylight-night = à noite
camera = câmera: { $name }
lens = objetiva: { $name }

## Tags

tag-video = vídeo
tag-animation = animação
tag-screenshot = captura de tela
tag-document = documento
tag-graphic = imagem gráfica
tag-black-and-white = preto e branco
tag-dark = escuro
tag-bright = claro
tag-high-contrast = alto contraste
tag-low-contrast = baixo contraste
tag-vivid-colours = cores vivas
tag-muted-colours = cores pouco saturadas
tag-warm-colours = cores quentes
tag-cool-colours = cores frias
tag-blurry = desfocado
tag-panorama = panorama
tag-square = quadrado
tag-transparent = transparente
tag-text = texto
tag-text-in = texto em { $language }
tag-qr-code = código QR
tag-barcode = código de barras
tag-data-matrix = Data Matrix
tag-matrix-code = código matricial
tag-speech = fala
tag-subtitles = legendas
tag-silent = sem som
tag-sound-track = faixa de áudio
tag-spring = primavera
tag-summer = verão
tag-autumn = outono
tag-winter = inverno
tag-golden-hour = hora dourada
tag-night = noite
tag-near = localidade próxima: { $place }
