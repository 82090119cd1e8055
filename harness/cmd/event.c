/* event.c - events of the engine as dicts. */
#include "harness/cmd/app.h"

static const char *event_name(enum ike_event_kind k)
{
    switch (k) {
    case IKE_EV_STATE:
        return "state";
    case IKE_EV_IKE_UP:
        return "ike-up";
    case IKE_EV_IKE_DOWN:
        return "ike-down";
    case IKE_EV_IKE_REKEYED:
        return "ike-rekeyed";
    case IKE_EV_CHILD_UP:
        return "child-up";
    case IKE_EV_CHILD_DOWN:
        return "child-down";
    case IKE_EV_CHILD_REKEYED:
        return "child-rekeyed";
    case IKE_EV_FINDING:
        return "finding";
    case IKE_EV_DROPPED:
        return "dropped";
    case IKE_EV_NOTIFY:
        return "notify";
    case IKE_EV_DONE:
        return "done";
    case IKE_EV_RETRANSMIT:
        return "retransmit";
    case IKE_EV_GIVE_UP:
        return "give-up";
    case IKE_EV_INNER:
        return "inner";
    case IKE_EV_ESP_DROPPED:
        return "esp-dropped";
    case IKE_EV_DUPLICATE:
        return "duplicate";
    case IKE_EV_LOOKUP:
        return "lookup";
    }
    return "";
}

/* The name of what a `done` event is about, and of the error notify. */
static const char *num_name(const struct ike_event *ev)
{
    static const char *const done[] = { "init",        "auth",      "new-child",
                                        "rekey-child", "rekey-ike", "delete-child",
                                        "delete-ike",  "liveness",  "info" };
    const char *name = NULL;
    if (ev->kind == IKE_EV_DONE && ev->num < sizeof done / sizeof done[0])
        name = done[ev->num];
    else if (ev->kind == IKE_EV_NOTIFY)
        name = name_of(&names_notify, ev->num);
    return name != NULL ? name : "";
}

Tcl_Obj *event_dict(const struct event *e)
{
    const struct ike_event *ev = &e->ev;
    Tcl_Obj *d = Tcl_NewDictObj();
    const struct fault *f = &ev->fault;
    const char *req = req_id(ev->req != REQ_NONE ? ev->req : f->req);
    char fault[300] = "";
    if (f->code != ERR_OK)
        fault_text(f, fault, sizeof fault);
    dict_put(d, "kind", Tcl_NewStringObj(event_name(ev->kind), -1));
    dict_put(d, "t_us", obj_u64(ev->at));
    dict_put(d, "sa", Tcl_NewWideIntObj(ev->sa));
    dict_put(d, "child", obj_hex(ev->child, 8));
    /* the old SA's id, or the old Child SA's SPI */
    dict_put(d, "other",
             ev->kind == IKE_EV_CHILD_REKEYED ? obj_hex(ev->other, 8)
                                              : Tcl_NewWideIntObj(ev->other));
    dict_put(d, "num", Tcl_NewWideIntObj(ev->num));
    dict_put(d, "name", Tcl_NewStringObj(num_name(ev), -1));
    dict_put(d, "req", Tcl_NewStringObj(req, -1));
    dict_put(d, "holds", Tcl_NewIntObj(ev->holds));
    dict_put(d, "code", Tcl_NewStringObj(f->code != ERR_OK ? err_name(f->code) : "", -1));
    dict_put(d, "off", Tcl_NewWideIntObj(f->off));
    dict_put(d, "field", obj_text(f->field != NULL ? f->field : ""));
    dict_put(d, "fault", obj_text(fault));
    dict_put(d, "text", obj_text(ev->text));
    dict_put(d, "next", Tcl_NewIntObj(ev->next));
    dict_put(d, "inner", obj_bytes(ev->inner));
    return d;
}
