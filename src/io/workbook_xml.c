/* SPDX-License-Identifier: Apache-2.0 */
/* workbook_xml.c - libexpat, loaded when the first workbook is read.
 *
 * No document of a workbook has a DTD, so one that has is refused: no entities, no bombs.
 */
#include "workbook.h"

#include <dlfcn.h>

enum { DEEPEST = 64 };

#define EXPAT_CALLS(X)                                                                         \
    X(XML_ParserCreate)                                                                        \
    X(XML_ParserFree)                                                                          \
    X(XML_SetUserData)                                                                         \
    X(XML_SetElementHandler)                                                                   \
    X(XML_SetCharacterDataHandler)                                                             \
    X(XML_SetStartDoctypeDeclHandler)                                                          \
    X(XML_Parse)                                                                               \
    X(XML_StopParser)                                                                          \
    X(XML_GetErrorCode)                                                                        \
    X(XML_ErrorString)                                                                         \
    X(XML_GetCurrentLineNumber)

typedef struct reading {
    void *library;
#define X(name) __typeof__(&name) name;
    EXPAT_CALLS(X)
#undef X
    XML_Parser parser;
    const qi_xml *xml;
    const char *path, *member;
    unsigned depth;
    quipu_status status;
    quipu_error *err;
} reading;

static quipu_status load(reading *r, quipu_error *err) {
    r->library = dlopen("libexpat.so.1", RTLD_NOW | RTLD_LOCAL);
    bool ok = r->library != NULL;
#define X(name) ok = ok && qi_library_find(r->library, #name, &r->name);
    EXPAT_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    return qi_fail(
        err, QUIPU_E_IO,
        "workbooks need libexpat, which cannot be loaded: install libexpat1, or save "
        "the sheet as CSV UTF-8");
}

static const char *without_prefix(const char *name) {
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *qi_xml_attribute(const char **attributes, const char *name) {
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(without_prefix(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void keep(reading *r, quipu_status status) {
    if (status == QUIPU_OK || r->status != QUIPU_OK)
        return;
    r->status = status;
    r->XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_begin(void *user, const XML_Char *name, const XML_Char **attributes) {
    reading *r = user;
    if (r->status != QUIPU_OK)
        return;
    if (++r->depth > DEEPEST)
        keep(r,
             qi_fail_at(r->err, QUIPU_E_FORMAT, r->path, 0, 0,
                        "%s in the workbook is nested deeper than any workbook is", r->member));
    else
        keep(r, r->xml->begin(r->xml->user, without_prefix(name), attributes, r->err));
}

static void XMLCALL on_end(void *user, const XML_Char *name) {
    reading *r = user;
    r->depth--;
    if (r->status == QUIPU_OK && r->xml->end != NULL)
        keep(r, r->xml->end(r->xml->user, without_prefix(name), r->err));
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length) {
    reading *r = user;
    if (r->status == QUIPU_OK && r->xml->text != NULL)
        keep(r, r->xml->text(r->xml->user, text, (size_t)length, r->err));
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal) {
    reading *r = user;
    QI_UNUSED(name);
    QI_UNUSED(system);
    QI_UNUSED(public);
    QI_UNUSED(internal);
    keep(r,
         qi_fail_at(r->err, QUIPU_E_FORMAT, r->path, 0, 0,
                    "%s in the workbook has a document type, which workbooks have not: refused",
                    r->member));
}

static quipu_status feed(reading *r, const char *bytes, size_t length, bool last,
                         quipu_error *err) {
    if (r->XML_Parse(r->parser, bytes, (int)length, last) == XML_STATUS_OK)
        return QUIPU_OK;
    if (r->status != QUIPU_OK)
        return r->status;
    enum XML_Error code = r->XML_GetErrorCode(r->parser);
    if (code == XML_ERROR_NO_MEMORY)
        return qi_fail_memory(err, length);
    return qi_fail_at(err, QUIPU_E_FORMAT, r->path, 0, 0,
                      "%s in the workbook is damaged at line %lu: %s", r->member,
                      (unsigned long)r->XML_GetCurrentLineNumber(r->parser),
                      r->XML_ErrorString(code));
}

static quipu_status take(void *user, const char *bytes, size_t length, quipu_error *err) {
    return feed(user, bytes, length, false, err);
}

quipu_status qi_xml_read(const qi_package *package, const char *member, const qi_xml *xml,
                         bool *found, quipu_error *err) {
    reading r = {.xml = xml, .path = package->path, .member = member, .err = err};
    bool there = false;
    quipu_status status;
    QI_GO(load(&r, err));
    r.parser = r.XML_ParserCreate(NULL);
    if (r.parser == NULL) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    r.XML_SetUserData(r.parser, &r);
    r.XML_SetElementHandler(r.parser, on_begin, on_end);
    r.XML_SetCharacterDataHandler(r.parser, on_text);
    r.XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    QI_GO(package->read(package, member, take, &r, &there, err));
    if (there)
        status = feed(&r, "", 0, true, err);
    else if (found == NULL)
        status =
            qi_fail_at(err, QUIPU_E_FORMAT, package->path, 0, 0,
                       "not an Excel workbook, or a damaged one: it has no %s inside", member);
done:
    if (found != NULL)
        *found = there;
    if (r.parser != NULL)
        r.XML_ParserFree(r.parser);
    if (r.library != NULL)
        dlclose(r.library);
    return status;
}
