/* record.c - a record as a dict: who, when, what was read in it and what became of it. */
#include <stdio.h>

#include "engine/wire/print.h"
#include "harness/cmd/app.h"

#define LINE_MAX 4096u

static const char *record_handle(struct app *app, struct record *r)
{
    if (r->box == NULL)
        return "";
    r->box->kept = true;
    if (r->handle[0] == '\0')
        app_handle(app, r->box, r->handle);
    return r->handle;
}

static void put_header(Tcl_Obj *d, struct span body)
{
    const char *exchange = "";
    char number[8];
    if (body.len < HDR_LEN)
        return;
    exchange = name_of(&names_exchange, body.p[18]);
    if (exchange == NULL) {
        snprintf(number, sizeof number, "%u", body.p[18]);
        exchange = number;
    }
    dict_put(d, "spi_i", obj_hex(get_u64(body.p), 16));
    dict_put(d, "spi_r", obj_hex(get_u64(body.p + 8), 16));
    dict_put(d, "exchange", Tcl_NewStringObj(exchange, -1));
    dict_put(d, "flags", obj_hex(body.p[19], 2));
    dict_put(d, "kind", Tcl_NewStringObj(body.p[19] & FLAG_RESPONSE ? "response" : "request", -1));
    dict_put(d, "mid", Tcl_NewWideIntObj(get_u32(body.p + 20)));
}

static void put_message(struct app *app, Tcl_Obj *d, struct record *r)
{
    char line[LINE_MAX] = "";
    struct span body = record_body(r);
    put_header(d, body);
    if (r->box != NULL)
        print_line(r->box->m, line, sizeof line);
    dict_put(d, "chain", obj_text(line));
    dict_put(d, "msg", Tcl_NewStringObj(record_handle(app, r), -1));
}

static void put_esp(Tcl_Obj *d, const struct record *r)
{
    struct span body = record_body(r);
    uint64_t seq = r->opened ? r->esp.seq : body.len >= ESP_HDR_LEN ? get_u32(body.p + 4) : 0;
    dict_put(d, "spi", obj_hex(r->spi, 8));
    dict_put(d, "seq", obj_u64(seq));
    dict_put(d, "next", Tcl_NewIntObj(r->esp.next));
    dict_put(d, "pad_len", Tcl_NewIntObj(r->esp.pad_len));
    dict_put(d, "padding_held", Tcl_NewIntObj(r->esp.padding_held));
    dict_put(d, "inner", obj_bytes(r->esp.inner));
}

Tcl_Obj *record_dict(struct app *app, struct record *r)
{
    Tcl_Obj *d = Tcl_NewDictObj();
    char fault[300] = "";
    if (r->fault.code != ERR_OK)
        fault_text(&r->fault, fault, sizeof fault);
    dict_put(d, "n", Tcl_NewWideIntObj(r->n));
    dict_put(d, "t_us", obj_u64(r->t));
    dict_put(d, "dir", Tcl_NewStringObj(r->in ? "in" : "out", -1));
    dict_put(d, "len", obj_u64(r->d.len));
    dict_put(d, "local", obj_addr(&r->d.local));
    dict_put(d, "remote", obj_addr(&r->d.remote));
    dict_put(d, "ip_protocol", Tcl_NewIntObj(r->d.protocol));
    dict_put(d, "proto", Tcl_NewStringObj(record_kind_name(r->kind), -1));
    dict_put(d, "sa", Tcl_NewWideIntObj(r->d.sa));
    dict_put(d, "retransmit", Tcl_NewIntObj(r->d.retransmit));
    dict_put(d, "reassembled", Tcl_NewIntObj(r->reassembled));
    dict_put(d, "fate", Tcl_NewStringObj(fate_name(r->fate), -1));
    dict_put(d, "sealed", Tcl_NewIntObj(r->sealed));
    dict_put(d, "opened", Tcl_NewIntObj(r->opened));
    dict_put(d, "error", obj_text(fault));
    dict_put(d, "code",
             Tcl_NewStringObj(r->fault.code != ERR_OK ? err_name(r->fault.code) : "", -1));
    dict_put(d, "exchange", Tcl_NewObj());
    dict_put(d, "kind", Tcl_NewObj());
    dict_put(d, "mid", Tcl_NewObj());
    dict_put(d, "chain", Tcl_NewObj());
    dict_put(d, "msg", Tcl_NewObj());
    if (r->kind == REC_IKE)
        put_message(app, d, r);
    else if (r->kind == REC_ESP)
        put_esp(d, r);
    return d;
}
