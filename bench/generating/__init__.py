"""Made-up models of any size, and two ways to have them describe pictures: the seed's and ours."""
