# English (British spelling, dates and lists).
# Reviewed by a native reader: no
#
# For translators: captions are put together from these messages and from CLDR (dates, months, lists, names of
# countries and languages). Keep the names of messages and variables; order, punctuation and grammar are yours.
# { CAPITAL($text) } begins with a capital letter; leave it out where there are none.
# Selectors may be added or removed: any message may choose by the variables that its comment lists.

## Colours

# Each colour three times: the value as a main colour in “lead” ($n = how many main colours there are);
# .name by itself, as a tag and in “lead-plain” and “lead-many”; .touch as an accent in “lead-touches”.
colour-black = black
    .name = black
    .touch = black
colour-white = white
    .name = white
    .touch = white
colour-grey = grey
    .name = grey
    .touch = grey
colour-red = red
    .name = red
    .touch = red
colour-orange = orange
    .name = orange
    .touch = orange
colour-yellow = yellow
    .name = yellow
    .touch = yellow
colour-green = green
    .name = green
    .touch = green
colour-blue = blue
    .name = blue
    .touch = blue
colour-purple = purple
    .name = purple
    .touch = purple
colour-pink = pink
    .name = pink
    .touch = pink
colour-brown = brown
    .name = brown
    .touch = brown
colour-teal = teal
    .name = teal
    .touch = teal
colour-beige = beige
    .name = beige
    .touch = beige

## How sentences are put together

# $text: a sentence without its full stop; it begins in lower case.
sentence = { CAPITAL($text) }.
# Two finished sentences, one after the other; whole captions are put together by repeating it.
sentences = { $before } { $after }
# One more part of a sentence ($after) behind the others; repeated for each part.
also = { $before }, { $after }
# Alternative text only: what it is ($before), then a chain of parts put together by “also” ($after).
aside = { $before }; { $after }

## First sentence: what it is, and its colours

# $kind: photo, screenshot, document (a scanned or saved page), graphic (drawn or computed, not photographed),
# video, animation, picture (anything else).
kind = { $kind ->
    [photo] photo
    [screenshot] screenshot
    [document] document
    [graphic] graphic
    [video] video
    [animation] animated picture
   *[picture] picture
 }
# The same in black and white; $kind as in “kind”.
kind-mono = black-and-white { kind }
# $what: “kind” or “kind-mono”; $kind: as in “kind”, for its grammar; $colours: one to three colours as a list;
# $n: how many; $names: the same as a list of their .name.
lead = { $what } in mostly { $colours }
# Instead of “lead” where no colour prevails; the same variables, three colours.
lead-many = { $what } in many colours, among them { $names }
# Instead of “lead” where all is one colour. $what; $kind; $colour: its .name.
lead-plain = { $what } of a single colour: { $colour }
# $lead: any of the three above; $colours: one or two accents (.touch) as a list; $n: how many.
lead-touches = { $lead }, with touches of { $colours }
# $lead: any of the first three, or only “kind”; $content: a list (“a, b and c”) made of the messages below
# (words or lines or unread, and codes). Each of them must fit behind your “with”.
lead-content = { $lead }, with { $content }
# Text that stands in the picture, quoted whole. $text: the text, in whatever language; $n: how many words
# (one of them may as well be a number).
words = { $n ->
    [one] the text “{ $text }”
   *[other] the words “{ $text }”
 }
# A longer text. $n: how many lines it has, from 1 on; $text: its first words.
lines = { $n ->
    [one] one line
   *[other] { $n } lines
 } of text (“{ $text } …”)
# There is text, but not one line could be read.
unread = text that could not be read
# Codes for scanners, by kind; $n: how many. Barcode: stripes; Data Matrix: a name;
# code-matrix: other square codes, such as Aztec.
code-qr = { $n ->
    [one] a QR code
   *[other] { $n } QR codes
 }
code-barcode = { $n ->
    [one] a barcode
   *[other] { $n } barcodes
 }
code-data-matrix = { $n ->
    [one] a Data Matrix code
   *[other] { $n } Data Matrix codes
 }
code-matrix = { $n ->
    [one] a matrix code
   *[other] { $n } matrix codes
 }

## Second sentence: how a video is made, and what stands out; parts that “also” puts together

# A duration in one or two parts; $n: a number, of seconds also 0.4.
hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
 }
minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
 }
seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
 }
# $larger: hours or minutes; $smaller: minutes or seconds.
length = { $larger } { $smaller }
# Stretches between two cuts; $n: how many, from 1 on.
shots = { $n ->
    [one] one shot
   *[other] { $n } shots
 }
motion-still = hardly any motion
motion-much = much motion
# What is known of a video's sound; one of the five is said.
sound-none = without a sound track
sound-silent = with a silent sound track
sound-speech = with speech
sound-no-speech = with sound but no speech found
sound-track = with a sound track
# Subtitles: nothing known of the languages; $languages: a list of up to three languages (“English and French”);
# $n: how many languages, from 4 on.
subtitles = with subtitles
subtitles-in = with subtitles ({ $languages })
subtitles-many = with subtitles in { $n } languages

trait-blurry = blurry
trait-dark = dark tones
trait-bright = bright tones
trait-high-contrast = high contrast
trait-low-contrast = low contrast
trait-vivid-colours = vivid colours
trait-muted-colours = muted colours
trait-warm-colours = warm colours
trait-cool-colours = cool colours
trait-panorama = panoramic format
trait-transparent = transparent areas

## Last sentence: when, where and with what; parts that “also” puts together

# A whole date. $day: number of the day; $month: month and year, from CLDR.
date = { $day } { $month }
# When a photo or video was taken. $precision: day, month or year; $date: “date”, month and year, or the year alone.
when = { $precision ->
    [day] on { $date }
   *[month] in { $date }
 }
# $name: name of a town as it is written there; $country: its country, from CLDR.
place = { $name } ({ $country })
# Never “in”: only a town nearby is known. $place: “place”, or the name alone. Watch articles and elisions that the
# name could ask for (Le Havre, Agra): choose words that need none.
near = near { $place }
# Both are known; $near and $when are the two messages above.
near-when = { $near } { $when }
# $how: photo or video; $circumstances: “near-when”, “near” or “when”; $known: both, near or when, which of them it is.
taken = { $how ->
    [video] recorded { $circumstances }
   *[photo] taken { $circumstances }
 }
# Without a camera the date may be that of a scan, and the place that of a drawing. $date; $near: “near”.
date-only = date: { $date }
place-only = place: { $near }
season-spring = in spring
season-summer = in summer
season-autumn = in autumn
season-winter = in winter
# By the height of the sun: shortly after sunrise or before sunset; dark.
daylight-golden-hour = in the golden hour
daylight-night = at night
# $name: maker and model, as the file gives them.
camera = camera: { $name }
lens = lens: { $name }

## Tags: at most 64 bytes, and none of , | / ;

tag-video = video
tag-animation = animation
tag-screenshot = screenshot
tag-document = document
tag-graphic = graphic
tag-black-and-white = black and white
tag-dark = dark
tag-bright = bright
tag-high-contrast = high contrast
tag-low-contrast = low contrast
tag-vivid-colours = vivid colours
tag-muted-colours = muted colours
tag-warm-colours = warm colours
tag-cool-colours = cool colours
tag-blurry = blurry
tag-panorama = panorama
tag-square = square
tag-transparent = transparent
# Text was read in the picture; then also its language ($language, from CLDR).
tag-text = text
tag-text-in = text in { $language }
tag-qr-code = QR code
tag-barcode = barcode
tag-data-matrix = Data Matrix
tag-matrix-code = matrix code
tag-speech = speech
tag-subtitles = subtitles
# A video without sound, or with a sound track in which nothing is heard.
tag-silent = silent
tag-sound-track = sound track
tag-spring = spring
tag-summer = summer
tag-autumn = autumn
tag-winter = winter
tag-golden-hour = golden hour
tag-night = night
# $place: name of a town; as in “near”.
tag-near = near { $place }
