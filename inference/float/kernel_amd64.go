package float

var best = portable
