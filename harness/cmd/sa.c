/* sa.c - what the engine tells of its SAs, as dicts. */
#include "harness/cmd/app.h"
#include "harness/cmd/conn_cmd.h"

static Tcl_Obj *child_dict(const struct ike_child_info *c)
{
    Tcl_Obj *d = Tcl_NewDictObj();
    dict_put(d, "spi_in", obj_hex(c->spi_in, 8));
    dict_put(d, "spi_out", obj_hex(c->spi_out, 8));
    dict_put(d, "live", Tcl_NewIntObj(c->live));
    dict_put(d, "transport", Tcl_NewIntObj(c->transport));
    dict_put(d, "esn", Tcl_NewIntObj(c->esn));
    dict_put(d, "udp_encap", Tcl_NewIntObj(c->udp_encap));
    dict_put(d, "chosen", obj_proposal(&c->chosen));
    dict_put(d, "ts_local", obj_selectors(c->ts_local, c->num_ts_local));
    dict_put(d, "ts_remote", obj_selectors(c->ts_remote, c->num_ts_remote));
    dict_put(d, "packets_in", obj_u64(c->packets_in));
    dict_put(d, "packets_out", obj_u64(c->packets_out));
    dict_put(d, "octets_in", obj_u64(c->octets_in));
    dict_put(d, "octets_out", obj_u64(c->octets_out));
    dict_put(d, "replayed", obj_u64(c->replayed));
    dict_put(d, "bad_icv", obj_u64(c->bad_icv));
    dict_put(d, "malformed", obj_u64(c->malformed));
    dict_put(d, "seq_in", obj_u64(c->seq_in));
    dict_put(d, "seq_out", obj_u64(c->seq_out));
    dict_put(d, "made_us", obj_u64(c->made_us));
    return d;
}

Tcl_Obj *sa_dict(const struct ike_sa_info *s)
{
    Tcl_Obj *d = Tcl_NewDictObj(), *children = Tcl_NewListObj(0, NULL);
    for (unsigned i = 0; i < s->num_children; i++)
        Tcl_ListObjAppendElement(NULL, children, child_dict(&s->child[i]));
    dict_put(d, "id", Tcl_NewWideIntObj(s->id));
    dict_put(d, "spi_i", obj_hex(s->spi_i, 16));
    dict_put(d, "spi_r", obj_hex(s->spi_r, 16));
    dict_put(d, "role", Tcl_NewStringObj(s->initiator ? "initiator" : "responder", -1));
    dict_put(d, "state", obj_text(s->state != NULL ? s->state : ""));
    dict_put(d, "established", Tcl_NewIntObj(s->established));
    dict_put(d, "dead", Tcl_NewIntObj(s->dead));
    dict_put(d, "conn", obj_text(s->conn != NULL ? s->conn : ""));
    dict_put(d, "local", obj_addr(&s->local));
    dict_put(d, "remote", obj_addr(&s->remote));
    dict_put(d, "nat_local", Tcl_NewIntObj(s->nat_local));
    dict_put(d, "nat_remote", Tcl_NewIntObj(s->nat_remote));
    dict_put(d, "floated", Tcl_NewIntObj(s->floated));
    dict_put(d, "chosen", obj_proposal(&s->chosen));
    dict_put(d, "next_request", Tcl_NewWideIntObj(s->next_request));
    dict_put(d, "next_expected", Tcl_NewWideIntObj(s->next_expected));
    dict_put(d, "window_own", Tcl_NewWideIntObj(s->window_own));
    dict_put(d, "window_peer", Tcl_NewWideIntObj(s->window_peer));
    dict_put(d, "outstanding", Tcl_NewWideIntObj(s->outstanding));
    dict_put(d, "queued", Tcl_NewWideIntObj(s->queued));
    dict_put(d, "made_us", obj_u64(s->made_us));
    dict_put(d, "children", children);
    return d;
}
