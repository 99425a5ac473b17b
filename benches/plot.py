"""The cost of a check over the size of what grows, as SVG: both axes are logarithmic, so what is linear rises as the dashes do."""

import math

WIDTH, HEIGHT = 640, 440
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 20, 50
COLOURS = {"bytes": "#0072b2", "resources": "#009e73", "fleets": "#d55e00", "conditions": "#cc79a7"}
WORDS = {"bytes": "bytes", "resources": "resources", "fleets": "fleets", "conditions": "conditions"}


def svg(growth):
    """`growth`: what grows, then the size, then the cost."""
    growth = {what: {int(size): cost for size, cost in costs.items()} for what, costs in growth.items()}
    shown = [max(costs.values()) / costs[1] for costs in growth.values()]
    highest = max(64, *shown)
    steps = math.ceil(math.log2(highest))

    def x(size):
        return LEFT + math.log2(size) / 6 * (WIDTH - LEFT - RIGHT)

    def y(cost):
        return HEIGHT - BOTTOM - math.log2(cost) / steps * (HEIGHT - TOP - BOTTOM)

    res = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        "<title>Instructions of a whole check, as multiples of the first</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for step in range(7):
        at = x(2**step)
        res.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        res.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{2**step}x</text>')
    for step in range(steps + 1):
        at = y(2**step)
        res.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#ddd"/>')
        res.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{2**step}x</text>')
    res.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">size</text>')
    res.append(f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">instructions</text>')
    ends = []
    res.append(f'<line x1="{x(1):.1f}" y1="{y(1):.1f}" x2="{x(64):.1f}" y2="{y(64):.1f}" stroke="#555" stroke-dasharray="4 4"/>')
    ends.append((y(64), "linear", "#555"))
    for what, costs in growth.items():
        points = [(x(size), y(cost / costs[1])) for size, cost in sorted(costs.items())]
        path = " ".join(f"{at:.1f},{up:.1f}" for at, up in points)
        res.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[what]}" stroke-width="2"/>')
        res += [f'<circle cx="{at:.1f}" cy="{up:.1f}" r="3" fill="{COLOURS[what]}"/>' for at, up in points]
        ends.append((points[-1][1], WORDS[what], COLOURS[what]))
    # Names stand beside the ends of their lines, one below the other.
    below = 0.0
    for up, words, colour in sorted(ends):
        below = max(up + 4, below + 15)
        res.append(f'<text x="{x(64) + 10:.1f}" y="{below:.1f}" fill="{colour}">{words}</text>')
    return "\n".join([*res, "</svg>\n"])
