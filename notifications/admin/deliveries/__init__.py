"""The parts of the delivery history: search, filters, the story of one delivery, and the settling of doubts."""
