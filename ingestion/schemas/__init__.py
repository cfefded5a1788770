"""One pandera schema per source, same stem as its module: what a value may be, not only its type."""
