"""Files that lie beside a segment, made from it and made anew when lost: counts, runs of bytes, distinct values."""
