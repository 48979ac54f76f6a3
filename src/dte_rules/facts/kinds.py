"""The kinds of values that facts have: the notices' own terms, places by their codes, numbers within their bounds."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from dte_rules.vocabulary import TextFormat, Whole

Region = Annotated[str, TextFormat("division_code")]
"""A place by its GB/T 2260 code, as text: ``"330700"`` is Jinhua."""

CreditCode = Annotated[str, TextFormat("credit_code")]
"""A unified social credit code, GB 32100."""

IdentityNumber = Annotated[str, TextFormat("identity_number")]
"""A resident identity number, GB 11643."""

Amount = Annotated[Decimal, Field(ge=0)]
"""A number of hours or years, fractions allowed."""

Count = Annotated[Decimal, Field(ge=0), Whole()]
"""How many."""

Year = Annotated[Decimal, Field(ge=1, le=9999), Whole()]
"""A calendar year."""

CatalogueYear = Annotated[Decimal, Field(ge=1, le=3), Whole()]
"""A year of the catalogue's three-year validity, from 1."""

Share = Annotated[Decimal, Field(ge=0, le=1)]
"""A rate as a share of one: 0.85 is 85 %."""

Sex = Literal["男", "女"]
RetirementTrack = Literal["男职工", "女干部", "女工人"]
EmploymentStatus = Literal["在职", "灵活就业", "未就业", "学生", "已退休"]
InsuranceScheme = Literal["职工", "灵活就业", "居民"]
Level = Literal["初级", "中级", "高级"]
Route = Literal["社会培训", "校企合作"]
CertificateKind = Literal["培训合格证书", "专业技术等级证书", "职业技能等级证书", "境外职业资格证书"]
ContestKind = Literal["创新创业大赛", "职业技能竞赛"]
InstitutionKind = Literal["继续教育基地", "高等院校", "民营企业", "行业协会", "事业单位", "其他"]
BreachKind = Literal["管理办法", "违规培训", "乱收费", "弄虚作假"]
AssessmentResult = Literal["较好", "合格", "不通过"]
ReportKind = Literal["培训结业", "考核结果", "学时登记", "季度情况"]
