"""What help desks, shops and CRMs call the choices of fields, in twelve languages.

The catalogue's resources refer to them. English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Turkish,
Japanese, Chinese and Korean, as far as a word means the same choice wherever it is used. A choice's own name needs no
mention here.
"""

from collections.abc import Mapping


def _by_word(**words: str) -> Mapping[str, str]:
    return {word.strip(): choice for choice, listed in words.items() for word in listed.split(",")}


TICKET_STATUSES = _by_word(
    new=(
        "neu, nouveau, nouvelle, nuevo, nueva, nuovo, nuova, nieuw, novo, nova, nowy, nowe, yeni, "
        "新規, 新建, 신규, submitted"
    ),
    open=(
        "in progress, work in progress, reopened, offen, geöffnet, in Bearbeitung, in Arbeit, "
        "ouvert, ouverte, en cours, abierto, abierta, en curso, en proceso, en progreso, aperto, "
        "aperta, in corso, in lavorazione, geopend, in behandeling, aberto, aberta, em aberto, em "
        "andamento, em progresso, otwarty, otwarte, w toku, w trakcie, açık, devam ediyor, işlemde, "
        "オープン, 対応中, 進行中, 処理中, 打开, 已打开, 处理中, 进行中, 열림, 진행 중, 처리 중"
    ),
    pending=(
        "on hold, hold, waiting, awaiting reply, waiting for customer, waiting on customer, "
        "wartend, ausstehend, zurückgestellt, en attente, pendiente, en espera, in attesa, in "
        "sospeso, sospeso, wachtend, in afwachting, in de wacht, pendente, aguardando, em espera, "
        "oczekujący, oczekujące, oczekuje, wstrzymany, wstrzymane, beklemede, bekliyor, 保留, 保留中, "
        "待機中, 返信待ち, 挂起, 已挂起, 等待中, 待回复, 보류, 보류 중, 대기, 대기 중"
    ),
    resolved=(
        "solved, fixed, gelöst, behoben, résolu, résolue, resuelto, resuelta, solucionado, "
        "solucionada, risolto, risolta, opgelost, resolvido, resolvida, rozwiązany, rozwiązane, "
        "çözüldü, çözülmüş, 解決, 解決済み, 已解决, 해결, 해결됨"
    ),
    closed=(
        "done, completed, geschlossen, erledigt, abgeschlossen, fermé, fermée, clos, close, "
        "clôturé, clôturée, terminé, cerrado, cerrada, finalizado, finalizada, chiuso, chiusa, "
        "gesloten, afgesloten, fechado, fechada, encerrado, encerrada, concluído, concluída, "
        "zamknięty, zamknięte, kapalı, kapatıldı, クローズ, 完了, 終了, 关闭, 已关闭, 已完成, 닫힘, 종료, 완료"
    ),
)
"""Of tickets."""

PRIORITIES = _by_word(
    low=(
        "lowest, niedrig, gering, faible, basse, bas, baja, bajo, bassa, basso, laag, baixa, baixo, "
        "niski, niska, düşük, 低, 低い, 낮음"
    ),
    normal=(
        "medium, moderate, standard, mittel, moyen, moyenne, normale, media, medio, normaal, "
        "gemiddeld, média, médio, średni, średnia, normalny, normalna, orta, 中, 普通, 通常, 보통, 중간"
    ),
    high="major, hoch, haut, haute, élevé, élevée, alta, alto, hoog, wysoki, wysoka, yüksek, 高, 高い, 높음",
    urgent=(
        "critical, highest, immediate, blocker, dringend, kritisch, urgente, critique, crítica, "
        "crítico, critica, critico, kritiek, spoed, pilny, pilne, pilna, krytyczny, acil, kritik, "
        "緊急, 紧急, 긴급"
    ),
)
"""Of tickets."""

CUSTOMER_STATUSES = _by_word(
    active=(
        "enabled, aktiv, actif, activo, activa, attivo, attiva, actief, ativo, ativa, aktywny, "
        "aktywna, aktif, 有効, 启用, 活跃, 활성"
    ),
    inactive=(
        "disabled, archived, inaktiv, inactif, inactivo, inactiva, inattivo, inattiva, inactief, "
        "inativo, inativa, nieaktywny, nieaktywna, pasif, 無効, 停用, 禁用, 비활성"
    ),
)
"""Of customers."""

ARTICLE_STATUSES = _by_word(
    draft=(
        "unpublished, Entwurf, brouillon, borrador, bozza, concept, rascunho, szkic, taslak, 下書き, "
        "草稿, 초안, 임시저장"
    ),
    published=(
        "live, public, publish, veröffentlicht, publié, publiée, publicado, publicada, pubblicato, "
        "pubblicata, gepubliceerd, opublikowany, opublikowane, yayında, yayınlandı, 公開, 公開中, 公開済み, "
        "已发布, 게시됨"
    ),
    archived=(
        "archiviert, archivé, archivée, archivado, archivada, archiviato, archiviata, gearchiveerd, "
        "arquivado, arquivada, zarchiwizowany, zarchiwizowane, arşivlendi, アーカイブ, アーカイブ済み, 已归档, 보관됨"
    ),
)
"""Of articles."""
