"""The solved system of a table: coefficients, Leontief inverse and the rows and columns that all measures share.

One LU of I - A (inside the inversion) serves everything; per economy only N x N systems are solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.icio.table import Array, BadTable, IcioTable


@dataclass(frozen=True)
class System:
    """A solved table. GN = rows, G = economies, levels in million USD, rows of value added content per dollar of output.

    x: (GN,) output, the row sum. a: (GN, GN) input coefficients. v: (GN,) value added per output, 1 - u A, 0 for idle industries.
    b: (GN, GN) Leontief inverse. local: for each economy L_ss = (I - A_ss)^-1. al: (GN, GN) blocks A_sr L_rr.
    origin: (G, GN) V_t B_ts, content by origin economy t of each industry's output.
    c, d, f: (GN,) domestic content V_s B_ss, purely domestic content V_s L_ss, foreign content; f1: (GN,) foreign content that
    crossed one border, d A^F L. inputs_imported: (GN,) u - d, all content that has crossed a border.
    exports: (GN, G) E_sr by importer, own column 0; exports_total: (GN,) E_s. y_home: (GN,) Y_ss; y_export: (GN, G) Y_sr, own column 0.
    absorbed: (GN, G) B Y, output that each economy's final demand calls for.
    al_home, al_exports: (GN, G) A_sr L_rr Y_rr and A_sr L_rr E_r by importer r, own column 0: what the importer absorbs at home after
    its own domestic stages, and what it re-exports.
    """

    table: IcioTable
    x: Array
    a: Array
    v: Array
    b: Array
    local: tuple[Array, ...]
    al: Array
    origin: Array
    c: Array
    d: Array
    f: Array
    f1: Array
    inputs_imported: Array
    exports: Array
    exports_total: Array
    y_home: Array
    y_export: Array
    absorbed: Array
    al_home: Array
    al_exports: Array

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The rows of each economy."""
        return self.table.blocks

    def exporter_totals(self) -> Array:
        """(G,) gross exports of each economy."""
        return self.table.sum_by_country(self.exports_total)


def solve(table: IcioTable) -> System:
    """Solve the table. Industries without output get zero coefficients; their inputs, if any, are left out.

    v is 0 for an industry without output that sells nothing. Where sales and a fall in inventories cancel to zero output it is
    1 - u A = 1, so that V B = u and contents add to exports; its value added v x is 0 all the same.
    Raises BadTable when I - A has no inverse.
    """
    z = table.z
    while z[:, (idle := z.sum(axis=1) + table.y.sum(axis=1) == 0)].any():
        z = np.where(idle, 0.0, z)  # again: a supplier of theirs may be left without output
    x = z.sum(axis=1) + table.y.sum(axis=1)
    a = z * np.divide(1.0, x, out=np.zeros_like(x), where=x != 0)
    used = ((x != 0) | z.any(axis=1) | table.y.any(axis=1)).astype(np.float64)
    v = used - a.sum(axis=0)
    b = leontief_inverse(a)
    blocks, n, g = table.blocks, len(x), len(table.economies)

    local = tuple(np.linalg.inv(np.eye(k.stop - k.start) - a[k, k]) for k in blocks)
    al = np.empty_like(a)
    origin = np.empty((g, n))
    for t, rows in enumerate(blocks):
        np.matmul(a[:, rows], local[t], out=al[:, rows])
        np.matmul(v[rows], b[rows], out=origin[t])
    own = np.arange(n), table.owner
    c = origin[table.owner, np.arange(n)]
    d = np.concatenate([v[k] @ local[s] for s, k in enumerate(blocks)])
    f1 = d @ al - np.concatenate([d[k] @ al[k, k] for k in blocks])

    y_home, y_export = table.y[own].copy(), table.y.copy()
    y_export[own] = 0.0
    sales = np.add.reduceat(z, table.starts, axis=1)
    sales[own] = 0.0
    exports = sales + y_export
    exports_total = exports.sum(axis=1)
    return System(
        table=table,
        x=x,
        a=a,
        v=v,
        b=b,
        local=local,
        al=al,
        origin=origin,
        c=c,
        d=d,
        f=origin.sum(axis=0) - c,
        f1=f1,
        inputs_imported=used - d,
        exports=exports,
        exports_total=exports_total,
        y_home=y_home,
        y_export=y_export,
        absorbed=b @ table.y,
        al_home=times_columns(table, al, y_home),
        al_exports=times_columns(table, al, exports_total),
    )


def leontief_inverse(a: Array) -> Array:
    """(I - A)^-1 of (n, n) coefficients. Raises BadTable when there is none."""
    work = -a
    work[np.diag_indices_from(work)] += 1.0
    try:
        return np.asarray(np.linalg.inv(work), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise BadTable("I - A has no inverse: expected industries whose inputs stay below their output; check the table") from error


def times_columns(table: IcioTable, m: Array, column: Array) -> Array:
    """M_sr v_r for each importer r: m (GN, GN), column (GN,) -> (GN, G), own column 0."""
    out = np.stack([m[:, k] @ column[k] for k in table.blocks], axis=1)
    out[np.arange(len(column)), table.owner] = 0.0
    return out


def times_pairs(table: IcioTable, m: Array, columns: Sequence[Array]) -> list[Array]:
    """M_sr w_r for columns that differ by exporter: each of `columns` is (GN, G), column s is what exporter s multiplies.

    out[(s,i), r] = sum over j of m[(s,i), (r,j)] columns[(r,j), s], (GN, G) each, own column 0. All columns go in one product a pair.
    """
    right = np.stack(columns, axis=2)
    out = np.zeros((len(columns), *columns[0].shape))
    for s, rows in enumerate(table.blocks):
        left, mine = m[rows], np.ascontiguousarray(right[:, s, :])
        for r, cols in enumerate(table.blocks):
            if r != s:
                out[:, rows, r] = (left[:, cols] @ mine[cols]).T
    return list(out)
