# English (British spelling, dates and lists).
# A colour: as a main colour; .name by itself and as a tag; .touch as an accent.
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

# How sentences are put together.
sentence = { $text }.
also = { $before }, { $after }
aside = { $before }; { $after }

# What it is, and its colours.
kind = { $kind ->
    [photo] photo
    [video] video
    [animation] animated picture
   *[picture] picture
 }
kind-mono = black-and-white { kind }
lead = { $what } in mostly { $colours }
lead-many = { $what } in many colours, among them { $names }
lead-plain = { $what } of a single colour: { $colour }
lead-touches = { $lead }, with touches of { $colours }

# How a video is made.
shots = { $n ->
    [one] one shot
   *[other] { $n } shots
 }
sound = with a sound track
no-sound = without a sound track

# What stands out.
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

# When and with what.
date = { $day } { $month }
taken = { $how ->
    [photo] taken { $precision ->
        [day] on
       *[month] in
     } { $date }
    [video] recorded { $precision ->
        [day] on
       *[month] in
     } { $date }
   *[other] date: { $date }
 }
season-spring = in spring
season-summer = in summer
season-autumn = in autumn
season-winter = in winter
camera = camera: { $name }

# Tags.
tag-video = video
tag-animation = animation
tag-black-and-white = black and white
tag-dark = dark
tag-bright = bright
tag-high-contrast = high contrast
tag-low-contrast = low contrast
tag-vivid-colours = vivid colours
tag-muted-colours = muted colours
tag-warm-colours = warm colours
tag-cool-colours = cool colours
tag-panorama = panorama
tag-square = square
tag-transparent = transparent
tag-sound-track = sound track
tag-spring = spring
tag-summer = summer
tag-autumn = autumn
tag-winter = winter
