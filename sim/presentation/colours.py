"""Colours of all figures, in files and on pages."""

# Okabe & Ito 2008: eight colours that people with any colour vision can distinguish
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY = "#777777"
