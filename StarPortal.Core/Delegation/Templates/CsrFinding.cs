namespace StarPortal.Core.Delegation;

/// <summary>Why a request does not fit a template.</summary>
/// <param name="Where">The JSON path of the template's rule, or of the object that lacks one.</param>
/// <param name="Text">For the consumer: what is wrong, in terms of its own request and the template that it can read.</param>
/// <param name="DnsName">The name that it is about, when it is one: <c>rejectedIdentifier</c> with a subproblem (RFC 8555 6.7.1); else <c>badCSR</c>.</param>
public sealed record CsrFinding(string Where, string Text, string? DnsName = null);
