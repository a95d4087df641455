"""The pictures of a film on one sheet."""

import numpy as np

from daemon.engines.transformers_engine.sheet import contact_sheet


class TestSheet:
    def test_in_reading_order_and_nearly_square(self) -> None:
        frames = [np.full((9, 16, 3), 10 * n, np.uint8) for n in range(1, 9)]
        sheet = contact_sheet(frames)
        assert sheet.shape == (36, 32, 3)
        assert sheet[::9, ::16, 0].tolist() == [[10, 20], [30, 40], [50, 60], [70, 80]]

    def test_holes_are_black(self) -> None:
        sheet = contact_sheet([np.full((10, 10, 3), 200, np.uint8)] * 3)
        assert sheet.shape == (20, 20, 3) and sheet[15, 15].tolist() == [0, 0, 0]
        assert (sheet[15, 5] == 200).all()

    def test_smaller_by_a_whole_number(self) -> None:
        frames = [np.full((500, 700, 3), n, np.uint8) for n in (7, 9, 11, 13)]
        sheet = contact_sheet(frames, side=512)
        assert sheet.shape == (334, 468, 3)
        assert {int(value) for value in np.unique(sheet)} == {0, 7, 9, 11, 13}

    def test_one_thin_picture(self) -> None:
        thin = np.full((2, 5000, 3), 5, np.uint8)
        assert (contact_sheet([thin]) == 5).all()
