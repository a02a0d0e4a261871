"""AWS resources in manifests and programs: Crossplane, ACK, eksctl, Pulumi."""
