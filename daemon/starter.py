"""The configuration that `captiond config init` writes: every key that has an effect, explained."""

STARTER = """\
# captiond's configuration; docs/configuration.md explains every key.
# Relative paths start at the folder of this file.

# Where captiond keeps its two databases.
#state_dir = "~/.local/state/captiond"

# Languages that captions and tags are said in; the English original is always kept.
#languages = ["es", "fr", "hi"]

# What to find out. What an engine cannot do is named as not run.
#tasks = ["text", "caption", "alt", "tags", "sentiment", "translate"]

# Pictures with more pixels than this are not decoded.
#max_pixels = 100_000_000

# Media workers; 0 means one more than there are cores.
#workers = 0

#exiftool = "exiftool"

# A folder with your own prompts for models, by file name, before captiond's.
#prompts_dir = ""

# Put translated captions into dc:description too; darktable destroys them there.
#translations_in_description = false

# Add the translated tags to the keywords.
#translated_tags = false
#mood_keywords = false

# Megabytes of previous sidecars that are kept for `captiond undo`.
#journal_max_mb = 512

# One block for each hot folder.
#[[folders]]
#path = "~/Pictures/inbox"
#exclude = []              # globs, on top of hidden, temporary and NAS thumbnail names
#dam = "any"               # any, digikam, darktable, immich, photoprism: XMP sidecars
#write = "sidecar"         # sidecar or none
#sidecar_name = "append"   # append (IMG.jpg.xmp), replace (IMG.xmp) or existing
#settle_s = 2.0            # seconds for which a file must not change
#poll = "auto"             # auto, always or never

#[engine]
#use = "auto"              # auto, builtin, transformers or openai
#profile = "auto"          # which models: docs/models.md lists them
#image_model = ""          # ORG/NAME, ORG/NAME@REVISION or a folder, for the profile's
#video_model = ""          # the same, or "none"
#translation_model = ""    # the same, or "none"
#quantize = ""             # nf4, int8 or none: for models named here
#video_frames = 0          # frames of a video that a model is shown; 0: as the profile says
#temperature = 0.0         # 0 gives the same answer each time
#max_tokens = 300
#idle_unload_s = 600       # seconds without work until models leave the GPU

# One block for each server that is asked where use is "openai"; docs/servers.md has examples.
#[[engine.endpoints]]
#url = "http://127.0.0.1:11434/v1"
#model = "qwen3-vl:8b-instruct"
#concurrency = 4           # requests at a time
#weight = 1                # its share of the work, beside other servers
#timeout_s = 300.0         # seconds for a whole answer
#side = 1024               # the longest side of pictures in pixels
#frames = 8                # pictures of a video
#api_key_file = ""         # holds the key, which never stands here
#api_key_env = ""          # the variable that holds it
"""
