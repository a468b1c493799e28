/* Gives each file named on the command line, or lying in a folder named there, to the fuzz target
 * linked with it. A name that does not exist is passed over: a target may have no kept crashes. */

#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES_MAX = 1 << 20 };

static unsigned int replayed;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return;
    }
    uint8_t *data = malloc(INPUT_BYTES_MAX);
    if (data == NULL) {
        abort();
    }
    size_t size = fread(data, 1, INPUT_BYTES_MAX, file);
    (void)fclose(file);
    /* An allocation of exactly the input's size lets the sanitizer see a read past its end. */
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (exact == NULL) {
        abort();
    }
    memcpy(exact, data, size);
    free(data);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    replayed++;
}

static void replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char name[PATH_MAX];
        int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        struct stat about;
        if (length > 0 && (size_t)length < sizeof name && stat(name, &about) == 0 &&
            S_ISREG(about.st_mode)) {
            replay_file(name);
        }
    }
    (void)closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat about;
        if (stat(argv[i], &about) != 0) {
            continue;
        }
        if (S_ISDIR(about.st_mode)) {
            replay_folder(argv[i]);
        } else {
            replay_file(argv[i]);
        }
    }
    /* The empty input is always worth a try, and is the only one of a target without a corpus. */
    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%u inputs replayed\n", replayed);
    return 0;
}
