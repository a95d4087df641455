"""Which server is asked next, and which ones rest; pure: no network, and time is an argument.

One that fails rests, ever longer, and is then tried with a single request. Meanwhile the others
have its share.
"""

from collections.abc import Callable, Collection, Sequence

from daemon.calling.troubles import Broken, Busy, Closed, Late, Trouble
from daemon.endpoints import Endpoint

FIRST_REST_S, LONGEST_REST_S = 1.0, 60.0
CLOSED_REST_S = 30.0
"""What somebody has to mend is not mended in a second."""
BUSY_REST_S = 2.0
PATIENCE_WHILE_BUSY = 20
"""A server that is busy will have time: it is waited for so many times as long as a dead one."""
JITTER = 0.25


class Place:
    """What is known of one server: requests in hand, failures in a row, and until when it rests.

    It *owes* answers where it failed at one request, and others that it had in hand may yet come.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.busy = 0
        self.owes = False
        self.strikes = 0
        self.rests_until = 0.0
        self.down_since = 0.0
        self.trouble: Trouble | None = None
        self.announced = False
        self.worked = 0
        self.credit = 0

    @property
    def is_closed(self) -> bool:
        """Tell whether somebody has to mend it."""
        return isinstance(self.trouble, Closed)

    @property
    def told(self) -> str:
        """Say where it is, and why it is not asked."""
        return f"{self.endpoint.url}: {self.trouble.told if self.trouble else 'is well'}"

    def is_free(self, now: float) -> bool:
        """Tell whether it may be asked now: one that failed, with one request only."""
        most = 1 if self.strikes else self.endpoint.concurrency
        return now >= self.rests_until and self.busy < most

    def ended(self) -> None:
        """Note that one request is not in hand any longer."""
        self.busy -= 1
        self.owes = self.owes and self.busy > 0

    def waited_for(self, since: float, now: float, hold_s: float) -> bool:
        """Tell whether what waits *since* then has waited for it long enough.

        Nothing waits that was there before it had to be mended: that helps whoever looks on. What
        comes later does, as otherwise all files would be decoded in vain.
        """
        if self.trouble is None:
            return False
        if self.is_closed and since <= self.down_since:
            return True
        if self.owes:
            return False
        patience = PATIENCE_WHILE_BUSY if isinstance(self.trouble, Busy) else 1
        return now - max(since, self.down_since) >= hold_s * patience


class Routing:
    """All servers; *random* gives numbers from 0 to 1, so that not all clients come at once."""

    def __init__(self, endpoints: Sequence[Endpoint], random: Callable[[], float]) -> None:
        self.places = [Place(endpoint) for endpoint in endpoints]
        self._random = random

    @property
    def can_work(self) -> bool:
        """Tell whether any server is well."""
        return any(place.strikes == 0 for place in self.places)

    @property
    def is_troubled(self) -> bool:
        """Tell whether any server is not well."""
        return any(place.trouble for place in self.places)

    @property
    def is_closed(self) -> bool:
        """Tell whether somebody has to mend all of them."""
        return all(place.is_closed for place in self.places)

    @property
    def told(self) -> str:
        """Say of each where it is and why it is not asked."""
        return "; ".join(place.told for place in self.places)

    @property
    def moment(self) -> float:
        """Give the moment at which the next server ends its rest."""
        return min(place.rests_until for place in self.places)

    def choose(
        self, now: float, avoid: Collection[Place] = (), failed: Collection[Place] = ()
    ) -> Place | None:
        """Choose a server for one request, by weight among those that are free; takes it.

        One that *failed* at it is not asked again while another is well.
        """
        if any(place.strikes == 0 for place in self.places if place not in (*avoid, *failed)):
            avoid = (*avoid, *failed)
        free = [place for place in self.places if place.is_free(now) and place not in avoid]
        # one that failed is tried as soon as it may, also while others are well
        among = [place for place in free if place.strikes] or free
        if not among:
            return None
        for place in among:
            place.credit += place.endpoint.weight
        chosen = max(among, key=lambda place: place.credit)
        chosen.credit -= sum(place.endpoint.weight for place in among)
        chosen.busy += 1
        return chosen

    def answered(self, place: Place, now: float) -> str:
        """Note an answer of *place*; tells of a recovery."""
        place.ended()
        place.worked += 1
        told = ""
        if place.announced:
            away = now - place.down_since
            told = f"{place.endpoint.url} answers again, after {away:.0f} s"
        place.strikes, place.rests_until = 0, 0.0
        place.trouble, place.announced, place.owes = None, False, False
        return told

    def failed(self, place: Place, trouble: Trouble, now: float) -> str:
        """Note that *place* failed, and have it rest; tells of it when that is new."""
        place.ended()
        is_other = type(place.trouble) is not type(trouble)
        if place.trouble is None:
            place.down_since = now
            place.owes = place.busy > 0 and isinstance(trouble, (Broken, Late))
        if now >= place.rests_until:  # others that were asked at the same time say nothing new
            place.strikes += 1
            place.rests_until = now + self._rest(place, trouble)
        place.trouble = trouble
        # a first failure may well be due to what was asked
        is_sure = place.strikes > 1 or not isinstance(trouble, (Broken, Late))
        if not is_sure or (place.announced and not is_other):
            return ""
        place.announced = True
        return self._news(place)

    def left(self, place: Place) -> None:
        """Note that *place* is not asked any longer, and that nothing was learnt of it."""
        place.ended()

    def given_up(
        self, since: float, declined: Collection[Place], now: float, hold_s: float
    ) -> bool:
        """Tell whether what waits *since* then has waited for all but those that *declined* it."""
        left = [place for place in self.places if place not in declined]
        return all(place.waited_for(since, now, hold_s) for place in left)

    def _rest(self, place: Place, trouble: Trouble) -> float:
        first = FIRST_REST_S
        if isinstance(trouble, Busy):
            if trouble.after_s is not None:
                # it may say 0, and would be asked a thousand times a second
                return max(trouble.after_s, first) * (1 + JITTER * self._random())
            first = BUSY_REST_S
        if isinstance(trouble, Closed):
            first = CLOSED_REST_S
        seconds = min(first * 2.0 ** min(place.strikes - 1, 30), LONGEST_REST_S)
        return seconds * (1 + JITTER * (2 * self._random() - 1))

    def _news(self, place: Place) -> str:
        others = "the others go on" if self.can_work else "it is tried again from time to time"
        return f"{place.told}; {others}"
