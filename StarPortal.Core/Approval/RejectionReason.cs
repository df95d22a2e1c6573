using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>A rejection code in words.</summary>
/// <param name="Code">The code.</param>
/// <param name="Label">What officer and requester read.</param>
/// <param name="Reply">A text to start from, when the officer has nothing to add to it.</param>
/// <param name="Advice">What the person can do, for the mail.</param>
public sealed record RejectionReason(RejectionCode Code, string Label, string Reply, string Advice)
{
    public static IReadOnlyList<RejectionReason> All { get; } = [.. Enum.GetValues<RejectionCode>().Select(Of)];

    public static RejectionReason Of(RejectionCode code) => code switch
    {
        RejectionCode.NotAMember => new(code, "Not a member of this organisation",
            "We could not find you among our members.", "If you belong to another organisation, ask again and choose that one."),
        RejectionCode.IdentityNotEstablished => new(code, "Identity could not be established",
            "We could not make sure that it is you who asks.", "Talk to an officer of the organisation in person, or by video, then ask again."),
        RejectionCode.NameIncorrect => new(code, "The name is not right",
            "Please use your full name as it stands in your official papers.", "Ask again with the correct name."),
        RejectionCode.AddressNotPlausible => new(code, "The e-mail address does not fit",
            "Please use the e-mail address that your organisation gave you.", "Ask again with that address."),
        RejectionCode.KeyUnsuitable => new(code, "The key is not suitable",
            "The key does not meet our rules.", "Ask again with a new key, or let the portal make one."),
        RejectionCode.Duplicate => new(code, "There is a certificate or request already",
            "You have a valid certificate, or another request under way.", "Use that one; if you have lost its key, say so when you ask again."),
        RejectionCode.PurposeNotAccepted => new(code, "The purpose is not one that we certify for",
            "We issue certificates for work in our projects only.", "Ask again if there is such a purpose, and describe it."),
        RejectionCode.NoAnswer => new(code, "Our question was not answered",
            "We asked you something and got no answer.", "Ask again, and answer the question in the field that says why."),
        RejectionCode.Other => new(code, "Another reason", "", "Read what the officer writes; you can ask again at any time."),
    };
}
