using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Approval;

/// <summary>What an answer of the CA outside has to prove besides the certificate in it, which is checked always.</summary>
public enum ExternalCaProof
{
    /// <summary>It came to the address that the request was sent from, which holds a secret: <c>ra+secret@example.org</c>.</summary>
    Token,

    /// <summary>It is signed (S/MIME) by a certificate of <see cref="ExternalCaMailOptions.SignerFile"/>.</summary>
    Signature,

    /// <summary>Nothing: that the CA has signed the certificate is enough.</summary>
    Certificate,
}

/// <summary>Section <c>Approval:ExternalCa</c>: the way to a CA outside and back, by mail.</summary>
public sealed class ExternalCaMailOptions
{
    /// <summary>Where the CA takes requests.</summary>
    public string? Address { get; set; }

    /// <summary>The registration authority's own address, from which requests come; what is sent to it has to end up in <c>Mail:Maildir</c>.</summary>
    public string? RaAddress { get; set; }

    [EnumDataType(typeof(ExternalCaProof))]
    public ExternalCaProof Proof { get; set; } = ExternalCaProof.Token;

    /// <summary>A PEM file with the certificates that sign the CA's mails; of several that overlap each counts.</summary>
    public string? SignerFile { get; set; }

    /// <summary>The subject of an answer.</summary>
    [Required, StringLength(200)]
    public string Subject { get; set; } = "Your Certificate Request";

    /// <summary>What an answer says when the certificate is there; spaces, line breaks and case make no difference.</summary>
    [Required, StringLength(200)]
    public string SuccessText { get; set; } = "has been processed successfully";

    /// <summary>How long a request may be with the CA before officers are told.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Messages that one run of the job reads; the others wait for the next.</summary>
    [Range(1, 100_000)]
    public int MessagesPerRun { get; set; } = 2_000;

    /// <summary>Messages that wait for an officer's look; further ones are put away unlisted.</summary>
    [Range(1, 100_000)]
    public int MaxSetAside { get; set; } = 1_000;
}
