"""Everyday things that photos show: what a library is asked for when it introduces itself."""

WORDS = (
    *("dog", "cat", "bird", "horse", "cow", "fish", "butterfly", "flower", "tree", "garden"),
    *("forest", "mountain", "snow", "lake", "river", "waterfall", "sea", "beach", "sunset"),
    *("clouds", "night sky", "rainbow", "city", "street", "bridge", "castle", "church", "temple"),
    *("museum", "market", "train", "car", "motorcycle", "bicycle", "boat", "aeroplane", "skiing"),
    *("swimming", "football", "surfing", "climbing", "dancing", "concert", "wedding", "birthday"),
    *("baby", "child playing", "family", "crowd", "portrait", "coffee", "cake", "bread", "fruit"),
    *("pizza", "barbecue", "restaurant", "kitchen", "living room", "bedroom", "book", "computer"),
    *("painting", "statue", "fireworks", "christmas tree", "camping", "hiking", "playground"),
    *("swing", "picnic", "desert", "field", "farm", "harbour", "lighthouse", "autumn leaves"),
    *("moon", "rocket", "text document", "map", "toy", "guitar", "piano"),
)
