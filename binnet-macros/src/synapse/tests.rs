//! What is accepted, what is said about mistakes, and what the run time is told.
