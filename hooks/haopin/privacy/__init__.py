"""What must not become public: withdrawn names, what files say of persons, and where either may stand."""
