using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Somebody asks for a certificate. Made by <see cref="Submit"/>, moved on by its verbs and by nothing else; a verb in the wrong state
/// throws. The row stays when the request has ended, even if the account that it made does not.
/// </summary>
public sealed class EnrollmentRequest
{
    /// <summary>How often a person may remind the officers.</summary>
    public static readonly TimeSpan NudgeInterval = TimeSpan.FromDays(1);

    private readonly List<RequestMessage> messages = [];

    private EnrollmentRequest()
    {
    }

    /// <summary>128 random bits: whoever knows it may see where the request is.</summary>
    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Unique: the same form sent twice makes one request.</summary>
    public Guid SubmissionId { get; private set; }

    /// <summary>The account of the person who asks. It may be gone when the request has ended without a certificate.</summary>
    public Guid UserId { get; private set; }

    public string UserName { get; private set; } = "";

    /// <summary>As the person writes it, in any script.</summary>
    public string FullName { get; private set; } = "";

    public string Email { get; private set; } = "";

    public string? Phone { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>Why the person wants it.</summary>
    public string Purpose { get; private set; } = "";

    /// <summary>Who in the organisation can vouch for the person.</summary>
    public string? Sponsor { get; private set; }

    /// <summary>Name of the issuance profile.</summary>
    public string Profile { get; private set; } = "";

    /// <summary>The subject as printed, from the root of the tree down.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>The same, DER-encoded.</summary>
    public byte[] SubjectEncoded { get; private set; } = [];

    /// <summary>Unique: the subject while this open request keeps it from others; null when an account has it or the request has ended.</summary>
    public string? ReservedSubject { get; private set; }

    /// <summary>What the certificate's subjectAltName will hold.</summary>
    public IReadOnlyList<SubjectAlternativeName> Names { get; private set; } = [];

    public KeySource KeySource { get; private set; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKeyInfo { get; private set; } = [];

    /// <summary>SHA-256 of <see cref="PublicKeyInfo"/>, lower-case hex.</summary>
    public string KeyHash { get; private set; } = "";

    /// <summary>Unique: <see cref="KeyHash"/> while the request is open; null afterwards.</summary>
    public string? OpenKeyHash { get; private set; }

    /// <summary>PKCS#8 under the passphrase, sealed with the server key; null when the person has the key, and once the request has ended.</summary>
    public byte[]? EncryptedKey { get; private set; }

    /// <summary>PKCS#10, DER, signed by the key: what a CA outside is sent. Null when ours signs, and once the request has ended.</summary>
    public byte[]? SigningRequest { get; private set; }

    /// <summary>When it was sent to the CA outside, whose answer it waits for while it is approved; null when ours signs.</summary>
    public DateTimeOffset? SentToCaAt { get; private set; }

    public RequestKind Kind { get; private set; }

    /// <summary>Unique: whose passphrase it recovers while it is open, so that there is one at a time; null for others.</summary>
    public Guid? OpenRecoveryOf { get; private set; }

    /// <summary>What the person signs in by once it is issued; null: nothing changes there. See <see cref="SignInPassphrases"/>.</summary>
    public string? NewPassphraseHash { get; private set; }

    /// <summary>The hint to it, sealed.</summary>
    public byte[]? NewHint { get; private set; }

    /// <summary>Why the person asks although there were findings to acknowledge.</summary>
    public string? AcknowledgementReason { get; private set; }

    /// <summary>What the checks found when it was submitted, for the officers.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    public RequestStatus Status { get; private set; }

    public DateTimeOffset SubmittedAt { get; private set; }

    /// <summary>When the e-mail address was confirmed: from here on the officers have it.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>The officer who takes care of it; a courtesy to the others, not a lock.</summary>
    public Guid? ClaimedBy { get; private set; }

    public DateTimeOffset? ClaimedAt { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    public Guid? DecidedBy { get; private set; }

    public RejectionCode? RejectionCode { get; private set; }

    public string? RejectionText { get; private set; }

    public Guid? CertificateId { get; private set; }

    public DateTimeOffset? IssuedAt { get; private set; }

    /// <summary>When it was withdrawn or ran out.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public DateTimeOffset? NudgedAt { get; private set; }

    public int NudgeCount { get; private set; }

    /// <summary>When the officers were last reminded by the portal.</summary>
    public DateTimeOffset? RemindedAt { get; private set; }

    /// <summary>When the deputies or administrators were last told.</summary>
    public DateTimeOffset? EscalatedAt { get; private set; }

    /// <summary>Whom it was last escalated to; null: to nobody.</summary>
    public EscalationStep? EscalatedTo { get; private set; }

    /// <summary>
    /// The officers' clock: now less this is how long they have had it. It starts when the address is confirmed and stands still on hold,
    /// that is, moves ahead by the time that the answer took.
    /// </summary>
    public DateTimeOffset WaitingSince { get; private set; }

    /// <summary>When the last question was asked; null unless one is open.</summary>
    public DateTimeOffset? HeldAt { get; private set; }

    /// <summary>How often it came back to the officers because what they approved could not be issued. They vote anew in each round.</summary>
    public int Round { get; private set; }

    /// <summary>Why the last approval could not be issued, for requester and officers.</summary>
    public string? IssueProblem { get; private set; }

    public DateTimeOffset LastChangedAt { get; private set; }

    /// <summary>Counts the verbs: a concurrency token, so that of two that act at once one starts over.</summary>
    public int Version { get; private set; }

    /// <summary>Questions and answers, in no order; empty unless loaded.</summary>
    public IReadOnlyCollection<RequestMessage> Messages => messages;

    /// <summary>Whether anything can still happen to it.</summary>
    public bool IsOpen => Status is RequestStatus.AwaitingConfirmation or RequestStatus.AwaitingDecision or RequestStatus.OnHold or RequestStatus.Approved;

    /// <summary>Whether it is approved and a CA outside is to answer.</summary>
    public bool IsWithCa => Status is RequestStatus.Approved && SentToCaAt is not null;

    /// <summary>Whether an officer may decide it.</summary>
    public bool IsDecidable => Status is RequestStatus.AwaitingDecision or RequestStatus.OnHold;

    public static EnrollmentRequest Submit(NewRequest details, DateTimeOffset now) => new()
    {
        SubmissionId = details.SubmissionId,
        UserId = details.UserId,
        UserName = details.UserName,
        FullName = details.FullName,
        Email = details.Email,
        Phone = details.Phone,
        OrganisationId = details.OrganisationId,
        Purpose = details.Purpose,
        Sponsor = details.Sponsor,
        Profile = details.Profile,
        Subject = details.Subject,
        SubjectEncoded = details.SubjectEncoded,
        ReservedSubject = details.ReservesSubject ? details.Subject : null,
        Names = details.Names,
        KeySource = details.KeySource,
        PublicKeyInfo = details.PublicKeyInfo,
        KeyHash = details.KeyHash,
        OpenKeyHash = details.KeyHash,
        EncryptedKey = details.EncryptedKey,
        SigningRequest = details.SigningRequest,
        Kind = details.Kind,
        OpenRecoveryOf = details.Kind is RequestKind.Recovery ? details.UserId : null,
        NewPassphraseHash = details.NewPassphrase?.Hash,
        NewHint = details.NewPassphrase?.Hint,
        AcknowledgementReason = details.AcknowledgementReason,
        Findings = details.Findings,
        SubmittedAt = now,
        WaitingSince = now,
        LastChangedAt = now,
    };

    /// <summary>Names the certificate that is issued for it; unique in the inventory.</summary>
    public string SourceKey => $"request:{Id}";

    /// <summary>What the authority is asked to certify once this is approved.</summary>
    public IssuanceOrder ToIssuanceOrder() => new()
    {
        Profile = Profile, Subject = DistinguishedName.Decode(SubjectEncoded), Names = Names, PublicKeyInfo = PublicKeyInfo,
        UserId = UserId, OrganisationId = OrganisationId, SourceKey = SourceKey,
    };

    /// <summary>The person has confirmed the e-mail address: the officers' turn.</summary>
    public void Confirm(DateTimeOffset now)
    {
        RequireStatus(RequestStatus.AwaitingConfirmation);
        (Status, ConfirmedAt, WaitingSince) = (RequestStatus.AwaitingDecision, now, now);
        Changed(now);
    }

    /// <summary>The person has changed the passphrase meanwhile: the key is the same.</summary>
    internal void ChangeKeyEnvelope(byte[] envelope, DateTimeOffset now)
    {
        if (!IsOpen) throw RequestErrors.WrongState(Status);
        EncryptedKey = envelope;
        Changed(now);
    }

    public void Withdraw(DateTimeOffset now) => EndUndecided(RequestStatus.Withdrawn, now);

    /// <summary>Nobody acted in time.</summary>
    public void Expire(DateTimeOffset now) => EndUndecided(RequestStatus.Expired, now);

    /// <summary>The person asks the officers, politely, whether they have seen it.</summary>
    /// <exception cref="ServiceException">TooMany within <see cref="NudgeInterval"/> of the last; Conflict unless the officers have it.</exception>
    public void Nudge(DateTimeOffset now)
    {
        RequireStatus(RequestStatus.AwaitingDecision);
        if (NudgedAt + NudgeInterval is { } again && again > now) throw RequestErrors.NudgedAlready(again, now);
        (NudgedAt, NudgeCount) = (now, NudgeCount + 1);
        Changed(now);
    }

    /// <param name="officer">Who takes care of it.</param>
    /// <param name="now">From when.</param>
    /// <param name="lapsesAfter">How long somebody else's claim counts; null: until released.</param>
    public void Claim(Actor officer, DateTimeOffset now, TimeSpan? lapsesAfter = null)
    {
        RequireDecidable(officer);
        if (ClaimedBy is { } holder && holder != officer.Id && !(ClaimedAt + lapsesAfter <= now)) throw RequestErrors.ClaimedByAnother();
        (ClaimedBy, ClaimedAt) = (officer.Id, now);
        Changed(now);
    }

    /// <summary>Gives it back to all officers: the one who claimed it does, or an administrator for somebody who is away.</summary>
    public void Release(Actor officer, DateTimeOffset now)
    {
        RequireDecidable(officer);
        if (ClaimedBy is null) throw RequestErrors.NotClaimed();
        if (ClaimedBy != officer.Id && !officer.IsAdministrator) throw RequestErrors.ClaimedByAnother();
        (ClaimedBy, ClaimedAt) = (null, null);
        Changed(now);
    }

    /// <summary>Asks the person something; until the answer comes the officers' clock stands still.</summary>
    public void Hold(Actor officer, string question, DateTimeOffset now)
    {
        RequireDecidable(officer);
        messages.Add(RequestMessage.Of(Id, RequestMessageKind.Question, officer.RequireSignedIn(), question, now));
        RunClock(now);
        (Status, HeldAt) = (RequestStatus.OnHold, now);
        Changed(now);
    }

    /// <summary>The person answers the officers' question: their turn again.</summary>
    public void Answer(string text, DateTimeOffset now)
    {
        RequireStatus(RequestStatus.OnHold);
        messages.Add(RequestMessage.Of(Id, RequestMessageKind.Answer, UserId, text, now));
        RunClock(now);
        Status = RequestStatus.AwaitingDecision;
        Changed(now);
    }

    /// <summary>An officer has approved, and policy asks for another.</summary>
    public void CountVote(Actor officer, DateTimeOffset now)
    {
        RequireDecidable(officer);
        Changed(now);
    }

    /// <summary>The last vote that policy asks for: the certificate may be made.</summary>
    public void Approve(Actor officer, DateTimeOffset now)
    {
        RequireDecidable(officer);
        (Status, DecidedBy, DecidedAt) = (RequestStatus.Approved, officer.RequireSignedIn(), now);
        Changed(now);
    }

    public void Reject(Actor officer, RejectionCode code, string text, DateTimeOffset now)
    {
        RequireDecidable(officer);
        (RejectionCode, RejectionText) = (code, RequestText.Required(text, RequestMessage.MaxLength, nameof(RejectionText)));
        (DecidedBy, DecidedAt) = (officer.RequireSignedIn(), now);
        End(RequestStatus.Rejected, now);
    }

    /// <summary>What was approved goes to the CA outside; also once more, when no answer comes.</summary>
    public void MarkSentToCa(DateTimeOffset now)
    {
        RequireStatus(RequestStatus.Approved);
        SentToCaAt = now;
        Changed(now);
    }

    /// <summary>The certificate exists, and the credential store has taken over the key.</summary>
    public void MarkIssued(Guid certificateId, DateTimeOffset now)
    {
        RequireStatus(RequestStatus.Approved);
        (CertificateId, IssuedAt) = (certificateId, now);
        End(RequestStatus.Issued, now);
    }

    /// <summary>What was approved can't be issued: the officers' turn again, with the reason in sight.</summary>
    public void ReturnToOfficers(string problem, DateTimeOffset now)
    {
        RequireStatus(RequestStatus.Approved);
        RunClock(now);
        (Status, IssueProblem, Round) = (RequestStatus.AwaitingDecision, problem.Length > 1000 ? problem[..1000] : problem, Round + 1);
        (DecidedBy, DecidedAt, SentToCaAt) = (null, null, null);
        Changed(now);
    }

    /// <summary>The portal has reminded the officers.</summary>
    public void MarkReminded(DateTimeOffset now)
    {
        RequireStatus(RequestStatus.AwaitingDecision);
        RemindedAt = now;
        Changed(now);
    }

    /// <summary>The portal has told the deputies or the administrators: each step once.</summary>
    public void MarkEscalated(EscalationStep step, DateTimeOffset now)
    {
        RequireStatus(RequestStatus.AwaitingDecision);
        if (EscalatedTo >= step) throw RequestErrors.EscalatedAlready();
        (EscalatedTo, EscalatedAt) = (step, now);
        Changed(now);
    }

    private void EndUndecided(RequestStatus end, DateTimeOffset now)
    {
        if (Status is not (RequestStatus.AwaitingConfirmation or RequestStatus.AwaitingDecision or RequestStatus.OnHold)) throw RequestErrors.WrongState(Status);
        EndedAt = now;
        End(end, now);
    }

    /// <summary>What an open request keeps from others is free again, and its key is forgotten.</summary>
    private void End(RequestStatus end, DateTimeOffset now)
    {
        Status = end;
        (OpenKeyHash, ReservedSubject, EncryptedKey, SigningRequest) = (null, null, null, null);
        (OpenRecoveryOf, NewPassphraseHash, NewHint) = (null, null, null);
        Changed(now);
    }

    private void RequireStatus(RequestStatus required)
    {
        if (Status != required) throw RequestErrors.WrongState(Status);
    }

    private void RequireDecidable(Actor officer)
    {
        if (!IsDecidable) throw RequestErrors.WrongState(Status);
        if (officer.Id == UserId) throw RequestErrors.OwnRequest();
    }

    /// <summary>What has passed since the question does not count as the officers' time.</summary>
    private void RunClock(DateTimeOffset now)
    {
        if (HeldAt is { } held) WaitingSince += now - held;
        HeldAt = null;
    }

    private void Changed(DateTimeOffset now) => (LastChangedAt, Version) = (now, Version + 1);
}
