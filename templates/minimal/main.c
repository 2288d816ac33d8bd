/* Counts the letters of a file: something to optimize. */
#include <ctype.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    long letters = 0;
    FILE *file = argc > 1 ? fopen(argv[1], "r") : stdin;
    if (!file) {
        perror(argv[1]);
        return 1;
    }
    for (int c; (c = getc(file)) != EOF;)
        letters += isalpha(c) != 0;
    printf("%ld letters\n", letters);
    return fclose(file) == 0 ? 0 : 1;
}
