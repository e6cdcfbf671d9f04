"""`python -m phusa` is the command line."""

from phusa.cli import main

if __name__ == "__main__":
    main()
