"""The records of the schemes besides the employee pension: one line each."""

from __future__ import annotations

from rssim.rules.cross_border_terms import CrossBorderBehaviour, CrossBorderTerms
from rssim.rules.enterprise_annuity_terms import (
    EnterpriseAnnuityBehaviour,
    EnterpriseAnnuityTerms,
)
from rssim.rules.occupational_annuity_terms import OccupationalAnnuityTerms
from rssim.rules.personal_pension_terms import PersonalPensionBehaviour, PersonalPensionTerms
from rssim.rules.pooling_terms import PoolingBehaviour, PoolingTerms
from rssim.rules.public_pension_terms import PublicPensionBehaviour, PublicPensionTerms
from rssim.rules.residents_pension_terms import (
    ResidentsPensionBehaviour,
    ResidentsPensionTerms,
)
from rssim.rules.scheme_terms import SchemeTerms
from rssim.rules.unemployment_terms import UnemploymentBehaviour, UnemploymentLaw
from rssim.rules.work_injury_terms import WorkInjuryBehaviour, WorkInjuryTerms

SCHEME_TERMS: tuple[type[SchemeTerms], ...] = (
    ResidentsPensionTerms,
    ResidentsPensionBehaviour,
    EnterpriseAnnuityTerms,
    EnterpriseAnnuityBehaviour,
    PersonalPensionTerms,
    PersonalPensionBehaviour,
    WorkInjuryTerms,
    WorkInjuryBehaviour,
    PoolingTerms,
    PoolingBehaviour,
    CrossBorderTerms,
    CrossBorderBehaviour,
    UnemploymentLaw,
    UnemploymentBehaviour,
    PublicPensionTerms,
    PublicPensionBehaviour,
    OccupationalAnnuityTerms,
)
