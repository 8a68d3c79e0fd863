// Does nothing: what a program's start and end take here.
int main() { return 0; }
