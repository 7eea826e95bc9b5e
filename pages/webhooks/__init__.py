"""Facebook's events: verified, stored before the answer, taken apart, and handed over."""
