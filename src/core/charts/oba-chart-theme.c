#include "oba-chart.h"

/* GNOME's palette: hues that stay apart for colour-blind eyes and in grey print. */

#define HEX(r, g, b) { (r) / 255.0, (g) / 255.0, (b) / 255.0, 1.0 }

const ObaChartTheme oba_chart_theme_light = {
  .background = { 1, 1, 1, 0 },
  .text = { 0, 0, 0, 0.8 },
  .dim_text = { 0, 0, 0, 0.55 },
  .grid = { 0, 0, 0, 0.1 },
  .series = { HEX (28, 113, 216), HEX (198, 70, 0), HEX (38, 162, 105), HEX (129, 61, 156), HEX (229, 165, 10), HEX (99, 69, 44) },
  .font_family = "Cantarell",
  .font_size = 12,
};

const ObaChartTheme oba_chart_theme_dark = {
  .background = { 0, 0, 0, 0 },
  .text = { 1, 1, 1, 0.9 },
  .dim_text = { 1, 1, 1, 0.6 },
  .grid = { 1, 1, 1, 0.12 },
  .series = { HEX (98, 160, 234), HEX (255, 163, 72), HEX (87, 227, 137), HEX (192, 97, 203), HEX (248, 228, 92), HEX (205, 171, 143) },
  .font_family = "Cantarell",
  .font_size = 12,
};

const ObaChartTheme oba_chart_theme_print = {
  .background = { 1, 1, 1, 1 },
  .text = { 0, 0, 0, 1 },
  .dim_text = { 0.3, 0.3, 0.3, 1 },
  .grid = { 0.8, 0.8, 0.8, 1 },
  .series = { HEX (28, 113, 216), HEX (198, 70, 0), HEX (38, 162, 105), HEX (129, 61, 156), HEX (229, 165, 10), HEX (99, 69, 44) },
  .font_family = "Cantarell",
  .font_size = 9,
};
