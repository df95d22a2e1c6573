using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Reads the PKCS#10 request of a form, and says what of it will not be in the certificate.</summary>
internal static class SigningRequestReader
{
    private const string Field = nameof(EnrollmentForm.SigningRequest);

    /// <returns>The request, or null with a finding that says why not.</returns>
    public static (SigningRequest? Request, IReadOnlyList<Finding> Findings) Read(EnrollmentForm form, string email)
    {
        if (string.IsNullOrWhiteSpace(form.SigningRequest)) return (null, [FormRules.Missing(Field, "Paste a signing request, or upload its file.")]);
        try
        {
            var request = SigningRequest.Parse(form.SigningRequest);
            return (request, [.. request.Findings, .. LeftOut(request, email)]);
        }
        catch (ServiceException refusal)
        {
            return (null, [EnrollmentFindings.Block(EnrollmentFindings.SigningRequest, refusal.Message, Field)]);
        }
    }

    /// <summary>The subject is made by the profile, and only the address that is confirmed is certified.</summary>
    private static IEnumerable<Finding> LeftOut(SigningRequest request, string email)
    {
        var others = request.Names.Where(name => name.Type is not NameType.Email || !name.Value.Equals(email, StringComparison.OrdinalIgnoreCase)).ToList();
        if (others.Count > 0)
            yield return EnrollmentFindings.Inform(EnrollmentFindings.NamesLeftOut,
                $"The request asks for {string.Join(", ", others.Take(5))}{(others.Count > 5 ? " and more" : "")}; only your confirmed e-mail address is certified, the rest is left out.", Field);
        if (!request.Subject.IsEmpty)
            yield return EnrollmentFindings.Inform(EnrollmentFindings.SubjectLeftOut, "The subject in the request is not used: yours is shown in the preview.", Field);
    }
}
