#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enter.h"
#include "probe.h"
#include "process.h"
#include "sealed.h"
#include "starter.h"
#include "supervise.h"

enum { EXIT_USAGE = 2 };

int main(int argc, char **argv)
{
	if (argc >= 4 && strcmp(argv[1], "enter") == 0 && strcmp(argv[2], "--") == 0)
		enter_main(argv + 3);
	if (argc == 2 && strcmp(argv[1], "run") == 0) {
		close_from(STDERR_FILENO + 1);
		seal_self(argv);
		supervise_main();
	}
	if (argc == 2 && strcmp(argv[1], "serve") == 0) {
		seal_self(argv);
		starter_main();
	}
	if (argc == 2 && strcmp(argv[1], "probe") == 0)
		return probe_main();
	fprintf(stderr, "usage: jbuild-launcher enter -- COMMAND [ARGUMENT...]\n"
	                "       jbuild-launcher run < STEP\n"
	                "       jbuild-launcher serve < SOCKET\n"
	                "       jbuild-launcher probe\n");
	return EXIT_USAGE;
}
