#include "http/problem.h"

#include "json/writer.h"

static void write_errors(struct json_writer *w, enum language language,
                         const struct problems *problems)
{
    json_name(w, "errors");
    json_array_begin(w);
    for (const struct problem *problem = problems->first; problem != NULL;
         problem = problem->next) {
        json_object_begin(w);
        json_member_text(w, "pointer", problem->pointer);
        json_member_text(w, "code", problem->code);
        if (problem->params != NULL) {
            json_member_raw(w, "params", str_of(problem->params));
        }
        json_member_text(w, "message", problem->message.in[language]);
        json_object_end(w);
    }
    json_array_end(w);
}

void problem_write(struct buffer *out, enum fault fault, enum language language,
                   const char *request_id, const struct reply *reply,
                   const struct problems *problems)
{
    const struct fault_info *info = fault_info(fault);
    struct json_writer w = json_writer(out);

    json_object_begin(&w);
    json_name(&w, "type");
    buffer_printf(out, "\"/problems/%s\"", info->code);
    w.comma = true;
    json_member_text(&w, "title", info->title[language]);
    json_member_int(&w, "status",
                    reply != NULL && reply->status != 0 ? reply->status : info->status);
    json_member_text(&w, "code", info->code);
    if (reply != NULL && reply->detail[language] != NULL) {
        json_member_text(&w, "detail", reply->detail[language]);
    }
    if (problems != NULL && problems->count > 0) {
        write_errors(&w, language, problems);
    }
    if (reply != NULL && reply->missing_right != NULL) {
        json_member_text(&w, "missing_right", reply->missing_right);
    }
    if (reply != NULL && reply->current_json != NULL) {
        json_member_raw(&w, "current", str_of(reply->current_json));
    }
    json_member_text(&w, "trace_id", request_id);
    json_object_end(&w);
}
