"""What Facebook tells of messages after its answer: echoes and receipts, in any order and as often as it likes.

Two clocks meet here. A receipt is a watermark on Facebook's: everything sent to the person until then arrived, or was
seen. When Facebook took a message is told by its echo, on the same clock; where no echo came (yet), the moment counts
at which the try began that was accepted: Facebook took the message after it, so that a watermark before it is never of
that message. A clock of ours that is ahead makes such a receipt wait for the echo, or for the next one; none is lost,
since the thread keeps both watermarks and each echo and each answer looks at them again. A clock that is behind takes a
message for one that the receipt may not have meant, by as much as it is behind: keep it set (NTP).
"""
