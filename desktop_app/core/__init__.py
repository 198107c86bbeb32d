"""The small core: what every extension shares. No Flask and no window below this folder."""
