"""transcripts/*.json: whole sessions. Each scene is a list of steps; times are seconds after `START`."""

import scenes_flight
import scenes_kubernetes
import scenes_sources
import scenes_trouble
from common import TRANSCRIPTS, write
from scene import START


def main():
    known = set()
    for scene in (*scenes_flight.scenes(), *scenes_trouble.scenes(), *scenes_sources.scenes(), *scenes_kubernetes.scenes()):
        name, shows, steps, more = scene
        assert name not in known, name
        known.add(name)
        write(TRANSCRIPTS / f"{name}.json", {"name": name, "shows": shows, "start": START, "seed": 7, **more, "steps": steps})
    for path in TRANSCRIPTS.glob("*.json"):
        if path.stem not in known:
            path.unlink()


if __name__ == "__main__":
    main()
