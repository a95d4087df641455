"""Pictures, clips and texts whose truth is known, because they are drawn here.

Nothing here looks into the engine: colours, limits, places and the height of the sun are defined
anew, so that an error in the engine's own tables cannot hide itself.
"""
