För första gången sedan 1949 har väderkvarnen malt mjöl.
