/* SPDX-License-Identifier: Apache-2.0 */
/* completion.c - shell scripts that know the verbs, options and names of this build.
 *
 * All words are written into the script, so that pressing Tab starts no program.
 */
#include "app.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists ---- */

static void print_codes(quipu_nomen *nomen) {
    const quipu_country *countries;
    const quipu_group *groups;
    size_t n;
    if (quipu_countries(nomen, &countries, &n, NULL) == QUIPU_OK) {
        for (size_t i = 0; i < n; i++) {
            if (countries[i].kind == QUIPU_COUNTRY)
                printf("%s ", countries[i].iso3);
        }
    }
    if (quipu_groups(nomen, &groups, &n, NULL) == QUIPU_OK) {
        for (size_t i = 0; i < n; i++)
            printf("%s ", groups[i].name);
    }
}

static void print_classes(quipu_nomen *nomen) {
    const quipu_scheme *schemes;
    size_t n;
    fputs("reporter partner product year ", stdout);
    if (quipu_schemes(nomen, &schemes, &n, NULL) == QUIPU_OK) {
        for (size_t i = 0; i < n; i++)
            printf("%s ", schemes[i].name);
    }
}

static void print_nomenclatures(quipu_nomen *nomen) {
    const quipu_nomenclature *list;
    size_t n;
    if (quipu_nomenclatures(nomen, &list, &n, NULL) == QUIPU_OK) {
        for (size_t i = 0; i < n; i++)
            printf("%s ", list[i].name);
    }
}

static void print_verbs(void) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    for (size_t i = 0; i < app_n_verbs; i++) {
        if (!app_verbs[i].hidden && strchr(app_verbs[i].name, ' ') == NULL)
            printf("%s ", app_verbs[i].name);
    }
    for (size_t i = 0; i < n; i++)
        if (measures[i]->needs != QUIPU_NEEDS_REGISTER)
            printf("%s ", measures[i]->name);
}

static void print_formats(void) {
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    for (size_t i = 0; i < n; i++)
        printf("%s ", formats[i].name);
}

static bool is_nomenclature(const app_option *option) {
    return strcmp(option->name, "nomenclature") == 0 || strcmp(option->name, "to") == 0;
}

/* What completes the value of an option, as shell code. */
static void print_value(const app_option *option) {
    if (is_nomenclature(option))
        fputs("words \"$_quipu_nomenclatures\"", stdout);
    else if (strcmp(option->name, "format") == 0 && option->words == NULL)
        fputs("words \"$_quipu_formats\"", stdout);
    else if (option->kind == APP_COUNTRY)
        fputs("list \"$_quipu_codes\"", stdout);
    else if (option->kind == APP_CLASS)
        fputs("list \"$_quipu_classes\"", stdout);
    else if (option->kind == APP_WORDS && option->words != NULL)
        printf("words \"%s\"", option->words);
    else if (option->kind == APP_FILE)
        fputs("files", stdout);
    else
        fputs("nothing", stdout);
}

static void print_case(const app_verb *verb) {
    const app_option *list[APP_MAX_OPTIONS];
    size_t n = app_verb_options(verb, list);
    fputs("    ", stdout);
    for (const char *c = verb->name; *c != '\0'; c++) /* "invest owners" is invest-owners */
        putchar(*c == ' ' ? '-' : *c);
    fputs(")\n        case $previous in\n", stdout);
    for (size_t i = 0; i < n; i++) {
        if (list[i]->value == NULL)
            continue;
        if (list[i]->letter != 0)
            printf("        -%c | --%s) ", list[i]->letter, list[i]->name);
        else
            printf("        --%s) ", list[i]->name);
        print_value(list[i]);
        fputs(" ;;\n", stdout);
    }
    fputs("        *) options \"", stdout);
    for (size_t i = 0; i < n; i++)
        printf("--%s ", list[i]->name);
    fputs("--help\" ", stdout);
    if (strcmp(verb->name, "help") == 0)
        fputs("\"$_quipu_verbs\"", stdout);
    else if (verb->words != NULL)
        printf("\"%s\"", verb->words);
    fputs(" ;;\n        esac\n        ;;\n", stdout);
}

static void print_cases(void) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    for (size_t i = 0; i < app_n_verbs; i++) {
        if (!app_verbs[i].hidden)
            print_case(&app_verbs[i]);
    }
    for (size_t i = 0; i < n; i++) {
        app_verb verb;
        app_option *room;
        if (app_verb_find(measures[i]->name, &verb, &room))
            print_case(&verb);
        free(room);
    }
}

static void print_lists(quipu_nomen *nomen) {
    fputs("_quipu_verbs='", stdout);
    print_verbs();
    fputs("'\n_quipu_formats='", stdout);
    print_formats();
    fputs("'\n_quipu_codes='", stdout);
    print_codes(nomen);
    fputs("'\n_quipu_classes='", stdout);
    print_classes(nomen);
    fputs("'\n_quipu_nomenclatures='", stdout);
    print_nomenclatures(nomen);
    fputs("'\n\n", stdout);
}

/* ---- the shells ---- */

static void bash(quipu_nomen *nomen) {
    fputs("# bash completion for quipu " QUIPU_VERSION "\n", stdout);
    print_lists(nomen);
    fputs("_quipu() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local verb=${COMP_WORDS[1]}\n"
          "    words() { COMPREPLY=($(compgen -W \"$1\" -- \"$word\")); }\n"
          "    files() { compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\")); }\n"
          "    nothing() { COMPREPLY=(); }\n"
          "    # A list is completed behind its last comma.\n"
          "    list() {\n"
          "        local begun=\n"
          "        [[ $word == *,* ]] && begun=${word%,*},\n"
          "        COMPREPLY=($(compgen -P \"$begun\" -W \"$1\" -- \"${word##*,}\"))\n"
          "    }\n"
          "    options() {\n"
          "        if [[ $word == -* ]]; then words \"$1\"\n"
          "        elif [[ -n $2 ]]; then words \"$2\"\n"
          "        else files; fi\n"
          "    }\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        words \"$_quipu_verbs\"\n"
          "        [[ ${#COMPREPLY[@]} == 0 ]] && files\n"
          "        return\n"
          "    fi\n"
          "    [[ $verb == invest || $verb == fetch ]] && ((COMP_CWORD > 2)) && "
          "verb=$verb-${COMP_WORDS[2]}\n"
          "    case $verb in\n",
          stdout);
    print_cases();
    fputs("    *) files ;;\n"
          "    esac\n"
          "}\n"
          "complete -F _quipu quipu\n",
          stdout);
}

static void zsh(quipu_nomen *nomen) {
    fputs("#compdef quipu\n# zsh completion for quipu " QUIPU_VERSION "\n", stdout);
    print_lists(nomen);
    fputs("_quipu() {\n"
          "    local verb=$words[2] previous=$words[CURRENT-1]\n"
          "    words() { compadd -- ${=1} }\n"
          "    files() { _files }\n"
          "    nothing() { return 0 }\n"
          "    list() { compset -P '*,'; compadd -S '' -- ${=1} }\n"
          "    options() {\n"
          "        if [[ $PREFIX == -* ]]; then compadd -- ${=1}\n"
          "        elif [[ -n $2 ]]; then compadd -- ${=2}\n"
          "        else _files; fi\n"
          "    }\n"
          "    if (( CURRENT == 2 )); then\n"
          "        compadd -- ${=_quipu_verbs}\n"
          "        _files\n"
          "        return\n"
          "    fi\n"
          "    [[ $verb == invest || $verb == fetch ]] && (( CURRENT > 3 )) && "
          "verb=$verb-$words[3]\n"
          "    case $verb in\n",
          stdout);
    print_cases();
    fputs("    *) _files ;;\n"
          "    esac\n"
          "}\n"
          "_quipu \"$@\"\n",
          stdout);
}

int app_run_completion(const app_args *args) {
    quipu_nomen *nomen;
    quipu_error err = {0};
    int status = APP_FINE;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    if (strcmp(args->words[0], "bash") == 0) {
        bash(nomen);
    } else if (strcmp(args->words[0], "zsh") == 0) {
        zsh(nomen);
    } else {
        app_say("completion: for bash or zsh, not '%s'", args->words[0]);
        status = APP_USE;
    }
    quipu_nomen_close(nomen);
    return status;
}
