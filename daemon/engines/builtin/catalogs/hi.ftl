# Hindi.
# A colour: before रंग (one) or रंग in the plural; .name by itself and as a tag; .touch in the oblique case.
colour-black = { $n ->
    [one] काला
   *[other] काले
 }
    .name = काला
    .touch = काले
colour-white = सफ़ेद
    .name = सफ़ेद
    .touch = सफ़ेद
colour-grey = स्लेटी
    .name = स्लेटी
    .touch = स्लेटी
colour-red = लाल
    .name = लाल
    .touch = लाल
colour-orange = नारंगी
    .name = नारंगी
    .touch = नारंगी
colour-yellow = { $n ->
    [one] पीला
   *[other] पीले
 }
    .name = पीला
    .touch = पीले
colour-green = { $n ->
    [one] हरा
   *[other] हरे
 }
    .name = हरा
    .touch = हरे
colour-blue = { $n ->
    [one] नीला
   *[other] नीले
 }
    .name = नीला
    .touch = नीले
colour-purple = बैंगनी
    .name = बैंगनी
    .touch = बैंगनी
colour-pink = गुलाबी
    .name = गुलाबी
    .touch = गुलाबी
colour-brown = { $n ->
    [one] भूरा
   *[other] भूरे
 }
    .name = भूरा
    .touch = भूरे
colour-teal = फ़िरोज़ी
    .name = फ़िरोज़ी
    .touch = फ़िरोज़ी
colour-beige = बेज
    .name = बेज
    .touch = बेज

# How sentences are put together.
sentence = { $text }।
also = { $before }, { $after }
aside = { $before }; { $after }

# What it is, and its colours.
kind = { $kind ->
    [photo] फ़ोटो
    [video] वीडियो
    [animation] ऐनिमेटेड चित्र
   *[picture] चित्र
 }
kind-mono = श्वेत-श्याम { kind }
lead = { $what }, जिसमें मुख्यतः { $colours } रंग { $n ->
    [one] है
   *[other] हैं
 }
lead-many = कई रंगों का { $what }, जिनमें { $names } शामिल हैं
lead-plain = केवल एक रंग का { $what }: { $colour }
lead-touches = { $lead }, साथ में { $colours } { $n ->
    [one] रंग
   *[other] रंगों
 } की झलक

# How a video is made.
shots = { $n ->
    [one] एक शॉट
   *[other] { $n } शॉट
 }
sound = ध्वनि ट्रैक सहित
no-sound = बिना ध्वनि ट्रैक के

# What stands out.
trait-dark = गहरे टोन
trait-bright = हल्के टोन
trait-high-contrast = अधिक कंट्रास्ट
trait-low-contrast = कम कंट्रास्ट
trait-vivid-colours = चटक रंग
trait-muted-colours = फीके रंग
trait-warm-colours = गर्म रंग
trait-cool-colours = ठंडे रंग
trait-panorama = पैनोरमा आकार
trait-transparent = पारदर्शी हिस्से

# When and with what.
date = { $day } { $month }
taken = { $how ->
    [photo] { $date } { $precision ->
        [day] को
       *[month] में
     } ली गई
    [video] { $date } { $precision ->
        [day] को
       *[month] में
     } रिकॉर्ड किया गया
   *[other] तारीख़: { $date }
 }
season-spring = वसंत ऋतु
season-summer = ग्रीष्म ऋतु
season-autumn = शरद ऋतु
season-winter = शीत ऋतु
camera = कैमरा: { $name }

# Tags.
tag-video = वीडियो
tag-animation = ऐनिमेशन
tag-black-and-white = श्वेत-श्याम
tag-dark = गहरा
tag-bright = उजला
tag-high-contrast = अधिक कंट्रास्ट
tag-low-contrast = कम कंट्रास्ट
tag-vivid-colours = चटक रंग
tag-muted-colours = फीके रंग
tag-warm-colours = गर्म रंग
tag-cool-colours = ठंडे रंग
tag-panorama = पैनोरमा
tag-square = वर्गाकार
tag-transparent = पारदर्शी
tag-sound-track = ध्वनि ट्रैक
tag-spring = वसंत
tag-summer = गर्मी
tag-autumn = शरद
tag-winter = सर्दी
