"""The local cloud: moto's server on 127.0.0.1 with workers that make SageMaker's jobs, pipelines and endpoints real."""
