using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>What a form would be certified as, by the authority that would do it.</summary>
public sealed class CertificatePreviews(Requesters requesters, CertificateAuthority authority, IssuanceProfiles profiles, IOptions<EnrollmentOptions> options)
{
    /// <param name="Subject">Null when the name cannot be certified.</param>
    /// <param name="Shown">Null when there is nothing to show.</param>
    internal sealed record Result(
        IReadOnlyList<Finding> Findings, DistinguishedName? Subject, bool ReservesSubject, IReadOnlyList<SubjectAlternativeName> Names, SigningRequest? SigningRequest, RequestPreview? Shown);

    private IssuanceProfile Profile => profiles.Get(options.Value.Profile);

    internal async Task<Result> MakeAsync(EnrollmentForm form, Requester requester, Organisation? organisation, CancellationToken ct)
    {
        List<Finding> findings = [];
        var (subject, reserves) = await SubjectAsync(form, requester, organisation, findings, ct);
        var (request, requestFindings) = form.Key is KeySource.SigningRequest ? SigningRequestReader.Read(form, requester.Email) : (null, []);
        findings.AddRange(requestFindings);
        if (request is not null && await requesters.IsKeyPendingAsync(request.KeyHash, ct))
            findings.Add(EnrollmentFindings.Block(EnrollmentFindings.KeyPending, RequestErrors.KeyPending().Message, nameof(form.SigningRequest)));

        var names = NamesOf(requester);
        if (subject is null || (request is null && form.Key is KeySource.SigningRequest)) return new(findings, subject, reserves, names, request, null);

        var order = OrderFor(subject, names, request, requester, organisation);
        var preview = authority.Preview(order);
        findings.AddRange((await authority.CheckAsync(order, ct)).Select(InForm));
        return new(findings, subject, reserves, names, request, Show(order, preview, request is null));
    }

    private RequestPreview Show(IssuanceOrder order, ToBeIssued preview, bool keyIsStandIn) => new()
    {
        Subject = order.Subject.ToString(),
        Parts = [.. order.Subject.Attributes.Select(attribute => new SubjectPart(attribute.Type.ShortName, attribute.Value))],
        Names = [.. order.Names.Select(name => name.ToString())],
        KeyDescription = PublicKeyFacts.Parse(order.PublicKeyInfo).Description,
        KeyIsStandIn = keyIsStandIn,
        Validity = Profile.Validity,
        CertificateText = preview.Text,
    };

    private async Task<(DistinguishedName? Subject, bool Reserves)> SubjectAsync(
        EnrollmentForm form, Requester requester, Organisation? organisation, List<Finding> findings, CancellationToken ct)
    {
        if (requester.Subject is { } forLife) return (forLife, false);
        if (string.IsNullOrWhiteSpace(requester.FullName))
        {
            findings.Add(FormRules.Missing(nameof(form.FullName), "Enter your full name."));
            return (null, false);
        }

        try
        {
            var (subject, isFree) = await requesters.ChooseAsync(Candidates(form, requester, organisation), ct);
            if (!isFree) findings.Add(EnrollmentFindings.Block(EnrollmentFindings.Stale, RequestErrors.SubjectTaken().Message, null));
            return (subject, true);
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Invalid)
        {
            findings.Add(InForm(EnrollmentFindings.Block(EnrollmentFindings.Name, refusal.Message, refusal.Field)));
            return (null, false);
        }
    }

    private IEnumerable<DistinguishedName> Candidates(EnrollmentForm form, Requester requester, Organisation? organisation) =>
        Enumerable.Range(0, SubjectSuffix.Attempts).Select(attempt => Profile.RenderSubject(new SubjectFields(
            requester.FullName, SubjectSuffix.For(form.SubmissionId, attempt), organisation?.Name ?? "", requester.UserName, requester.Email)));

    private IssuanceOrder OrderFor(
        DistinguishedName subject, IReadOnlyList<SubjectAlternativeName> names, SigningRequest? request, Requester requester, Organisation? organisation) => new()
        {
            Profile = Profile.Name,
            Subject = subject,
            Names = names,
            PublicKeyInfo = request?.PublicKeyInfo ?? StandInKeys.For(Profile.PortalKey),
            UserId = requester.UserId,
            OrganisationId = organisation?.Id,
            SourceKey = "preview",
        };

    /// <summary>The one name besides the subject: the address, once it can be one.</summary>
    private IReadOnlyList<SubjectAlternativeName> NamesOf(Requester requester) =>
        SubjectAlternativeName.Email(requester.Email) is var name && Profile.Allows(NameType.Email) && NameSyntax.FindProblem(name) is null ? [name] : [];

    /// <summary>The authority speaks of names and organisations; the form has its own words for its fields.</summary>
    private static Finding InForm(Finding finding) => finding with
    {
        Field = finding.Field switch
        {
            "Organisation" => nameof(EnrollmentForm.OrganisationId),
            "Subject" => nameof(EnrollmentForm.FullName),
            nameof(EnrollmentForm.UserName) or nameof(EnrollmentForm.FullName) or nameof(EnrollmentForm.Email) or nameof(EnrollmentForm.SigningRequest) => finding.Field,
            _ => null,
        },
    };
}
