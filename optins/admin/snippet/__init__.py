"""What a shop pastes into its pages, whether that works, and the doctor who looks at a page."""
